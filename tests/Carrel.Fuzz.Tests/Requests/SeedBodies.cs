namespace Carrel.Fuzz.Tests.Requests;

/// <summary>Valid bodies by operation. An operation that is not named here gets every shape in turn: to be read wrongly is what a fuzz test is for.</summary>
internal static class SeedBodies
{
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ann@desk";
    private const string Identity = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/team/providers/Microsoft.ManagedIdentity/userAssignedIdentities/me";

    internal const string AuthorizeQuery =
        "?client_id=c4a77e10-0000-4000-8000-0000000000c1&response_type=code&redirect_uri=http%3A%2F%2F127.0.0.1%3A8400%2F&scope=https%3A%2F%2Flocalhost%3A{{port}}%2F.default"
        + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&state=xyz&nonce=n&prompt=none";

    internal static readonly string[] Tokens =
    [
        "grant_type=client_credentials&client_id={{client}}&client_secret={{secret}}&scope=https%3A%2F%2Flocalhost%3A{{port}}%2F.default",
        "grant_type=authorization_code&client_id=c4a77e10-0000-4000-8000-0000000000c1&code=abc&redirect_uri=http%3A%2F%2F127.0.0.1%3A8400%2F&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        "grant_type=refresh_token&refresh_token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&client_id=c4a77e10-0000-4000-8000-0000000000c1&scope=openid+offline_access",
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&client_id=c4a77e10-0000-4000-8000-0000000000c1",
    ];

    internal static readonly string[] DeviceCodes = ["client_id=c4a77e10-0000-4000-8000-0000000000c1&scope=openid+profile+offline_access"];

    internal static readonly string[] Revocations = ["client_id=c4a77e10-0000-4000-8000-0000000000c1&token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"];

    internal static readonly string[] DeviceForms = ["user_code=BCDF-GHJK&answer=yes&form_token={{formtoken}}"];

    internal static readonly string[] Passwords = ["username=bea%40carrel.local&return=%2F&current=wrong&new=another+long+one&again=another+long+one&form_token={{formtoken}}"];

    internal static readonly string[] SignIn = ["username=admin%40carrel.local&password=wrong&return=%2Ftest&form_token={{formtoken}}"];

    internal static readonly string[] SignOut = ["form_token={{formtoken}}"];

    internal static readonly string[] Users =
        ["""{"accountEnabled":true,"displayName":"Bea","userPrincipalName":"bea@carrel.local","mailNickname":"bea","passwordProfile":{"password":"correct horse battery","forceChangePasswordNextSignIn":true}}"""];

    internal static readonly string[] Directory =
    [
        """{"ids":["99999999-0000-0000-0000-000000000001"],"groupIds":[],"types":["user"]}""",
        """{"displayName":"Vision","description":"d","mailEnabled":false,"mailNickname":"v","securityEnabled":true}""",
        """{"displayName":"nightly","signInAudience":"AzureADMyOrg","identifierUris":[],"keyCredentials":[],"web":{"redirectUris":[]}}""",
        """{"appId":"99999999-0000-0000-0000-000000000001","accountEnabled":true}""",
        """{"@odata.id":"https://localhost/v1.0/directoryObjects/99999999-0000-0000-0000-000000000001"}""",
        """{"displayName":"nightly","accountEnabled":true,"passwordProfile":{"password":"correct horse battery"}}""",
        """{"passwordCredential":{"displayName":"x","endDateTime":"2027-01-01T00:00:00Z"},"keyId":"99999999-0000-0000-0000-000000000001"}""",
        """{"currentPassword":"wrong","newPassword":"another long one"}""",
    ];

    private static readonly string[] Instances =
    [
        Instance(""),
        Instance(",\"idleTimeBeforeShutdown\":\"PT1H30M\",\"sshSettings\":{\"sshPublicAccess\":\"Enabled\",\"adminPublicKey\":\"" + Key + "\"}"),
        Instance(""","schedules":{"computeStartStop":[{"status":"Enabled","action":"Start","triggerType":"Cron","cron":{"expression":"15 10 * * 1-5","timeZone":"UTC","startTime":"2026-11-20T06:00:00"}},{"status":"Disabled","action":"Stop","triggerType":"Recurrence","recurrence":{"frequency":"Week","interval":2,"timeZone":"W. Europe Standard Time","startTime":"2026-11-20T06:00:00","schedule":{"hours":[6,18],"minutes":[0,30],"weekDays":["Monday"],"monthDays":[1]}}}]}"""),
        Instance(""","customServices":[{"name":"rstudio","image":{"type":"docker","reference":"rocker/rstudio:4"},"environmentVariables":{"A":{"type":"local","value":"b"}},"docker":{"privileged":true},"endpoints":[{"protocol":"http","name":"web","target":8787,"published":8787,"hostIp":null}],"volumes":[{"type":"bind","readOnly":false,"source":"/home/azureuser/x","target":"/x","bind":{"propagation":"","createHostPath":true}}]}]"""),
        Instance(""","setupScripts":{"scripts":{"creationScript":{"scriptSource":"inline","scriptData":"ZWNobyBoaQ==","scriptArguments":"a b","timeout":"20m"},"startupScript":{"scriptSource":"workspaceStorage","scriptData":"Users/ann/start.sh","timeout":"1m"}}}"""),
        Instance(""","personalComputeInstanceSettings":{"assignedUser":{"objectId":"aaaaaaaa-0000-0000-0000-000000000001","tenantId":"99999999-0000-0000-0000-000000000001"}},"computeInstanceAuthorizationType":"personal","applicationSharingPolicy":"Personal","subnet":{"id":"/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/team/providers/Microsoft.Network/virtualNetworks/net/subnets/default"},"enableNodePublicIp":false,"enableSSO":false,"enableRootAccess":false,"enableOSPatching":true,"releaseQuotaOnStop":true,"autologgerSettings":{"mlflowAutologger":"Enabled"}"""),
        "{\"location\":\"local\",\"tags\":{\"a\":\"b\",\"c\":\"\"},\"sku\":{\"name\":\"x\",\"tier\":\"y\"},\"identity\":{\"type\":\"SystemAssigned,UserAssigned\",\"userAssignedIdentities\":{\"" + Identity + "\":{}}},\"properties\":{\"computeType\":\"ComputeInstance\",\"description\":\"d\",\"computeLocation\":\"local\",\"disableLocalAuth\":true,\"properties\":{\"vmSize\":\"STANDARD_DS1_V2\"}}}",
    ];

    private static readonly string[] Workspaces =
    [
        """{"location":"local","tags":{"a":"b"},"kind":"Default","identity":{"type":"SystemAssigned"},"sku":{"name":"Basic","tier":"Basic"},"properties":{"friendlyName":"x","description":"d","publicNetworkAccess":"Enabled","hbiWorkspace":"false","storageAccount":"/subscriptions/s/x","managedNetwork":{"isolationMode":"Disabled","outboundRules":{"r":{"type":"FQDN","destination":"example.org"}}},"encryption":{"status":"Disabled"}}}""",
        """{"location":"local","properties":{"countOpenConnections":true,"idleSignals":{"openConnections":1,"sshSessions":2,"processorPercent":20,"gpuPercent":null}}}""",
        """{"location":"local"}""",
    ];

    private static readonly Dictionary<string, string[]> ByOperation = new()
    {
        ["Compute_CreateOrUpdate"] = Instances,
        ["Compute_Update"] = ["""{"tags":{"a":"b"},"identity":{"type":"None"},"properties":{"description":"d"}}""", "{}"],
        ["Compute_KeepAwake"] = ["""{"minutes":120}""", """{"minutes":0}"""],
        ["ScheduledEvents_Snooze"] = ["""{"minutes":30}""", """{"minutes":15}"""],
        ["Compute_PreviewSchedules"] =
        [
            "{}",
            """{"days":31,"schedules":{"computeStartStop":[{"action":"Start","triggerType":"Cron","cron":{"expression":"30 2 * * MON-FRI","timeZone":"W. Europe Standard Time"}},{"action":"Stop","triggerType":"Recurrence","recurrence":{"frequency":"Minute","interval":1}}]}}""",
        ],
        ["Compute_Start"] = [""],
        ["Compute_Stop"] = [""],
        ["Compute_Restart"] = [""],
        ["Workspaces_CreateOrUpdate"] = Workspaces,
        ["Workspaces_Update"] = Workspaces,
        ["RoleDefinitions_CreateOrUpdate"] =
        [
            """{"properties":{"roleName":"fuzzed","description":"d","type":"CustomRole","permissions":[{"actions":["Microsoft.MachineLearningServices/workspaces/*/read","*/read"],"notActions":["Microsoft.MachineLearningServices/workspaces/computes/delete"],"dataActions":["*"],"notDataActions":[]}],"assignableScopes":["/subscriptions/11111111-1111-1111-1111-111111111111","/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/team"]}}""",
        ],
        ["RoleAssignments_Create"] =
        [
            """{"properties":{"roleDefinitionId":"/subscriptions/11111111-1111-1111-1111-111111111111/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7","principalId":"99999999-0000-0000-0000-000000000009","principalType":"User","description":"why","condition":null}}""",
        ],
        ["ResourceGroups_CreateOrUpdate"] = ["""{"location":"local","tags":{"a":"b"}}"""],
    };

    // What the actions of contract 1.6, 3, 4, 9, 10 and 13 take.
    private static readonly string[] Others =
    [
        "", "{}", "[]",
        """{"idleTimeBeforeShutdown":"PT60M"}""",
        """{"enableSSO":true}""",
        "{\"adminPublicKey\":\"" + Key + "\"}",
        """{"targetVMSize":"STANDARD_DS2_V2"}""",
        """{"name":"desk","type":"Microsoft.MachineLearningServices/workspaces/computes"}""",
        """{"scheduleUpdate":[],"schedules":{"computeStartStop":[{"id":"a","status":"Enabled","action":"Stop","triggerType":"Cron","cron":{"expression":"0 18 * * *","timeZone":"UTC"}}]}}""",
        """[{"name":"s","image":{"type":"docker","reference":"r"},"endpoints":[{"protocol":"http","target":8787,"published":8787}]}]""",
        """[{"source":"azureml://x","sourceType":"URI","mountName":"m","mountAction":"Mount","mountMode":"ReadOnly","mountPath":"/home/azureuser/m"}]""",
        """{"value":[{"id":"/subscriptions/s/x","type":"Microsoft.MachineLearningServices/workspaces/dedicatedCores/quotas","limit":20,"unit":"Count"}],"location":"local"}""",
        """{"tags":{"a":"b"}}""",
    ];

    internal static string[] Json(string operation) => ByOperation.GetValueOrDefault(operation, Others);

    private static string Instance(string inner) =>
        $$$$"""{"location":"local","properties":{"computeType":"ComputeInstance","properties":{"vmSize":"STANDARD_DS1_V2"{{{{inner}}}}}}}""";
}
