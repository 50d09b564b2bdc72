using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Carrel.Store.Sqlite;
using Carrel.TestKit.Servers;
using Shouldly;
using Xunit;

namespace Carrel.Server.Tests.Machines;

/// <summary>Managed identities inside real machines, and who must not get their tokens (contract 9.3).</summary>
public sealed class MachineIdentityTests
{
    private const string Arm = "https://management.azure.com";
    private const string Imds = "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=" + Arm;

    // The program of the documentation, with what the image has: its requests may be another library, its words are the same.
    private const string Documentation = """
        import json, os, urllib.request
        def get_access_token_msi(resource):
            client_id = os.environ.get("DEFAULT_IDENTITY_CLIENT_ID", None)
            request = urllib.request.Request(f"{os.environ['MSI_ENDPOINT']}?resource={resource}&clientid={client_id}&api-version=2017-09-01", headers={'Secret': os.environ["MSI_SECRET"]})
            return json.load(urllib.request.urlopen(request))["access_token"]
        print(get_access_token_msi("https://management.azure.com"))
        """;

    [Fact(DisplayName = "9.T5, 9.T6, 9.T7, 9.T8, 9.T9, 9.T11 A machine gets tokens of its own identities by both ways, and nobody else does")]
    public async Task A_machine_gets_tokens_of_its_own_identities_and_nobody_else_does()
    {
        await using RunningCarrel carrel = await RunningCarrel.StartAsync();
        using ArmClient arm = await ArmClient.SignInAsync(carrel);
        string group = $"/subscriptions/{carrel.Client["CARREL_SUBSCRIPTION"]}/resourceGroups/{carrel.Client["CARREL_GROUP"]}";
        string desk = carrel.Workspace + "/computes/id-desk", plain = carrel.Workspace + "/computes/id-plain";
        await arm.WaitAsync(await arm.SendAsync(HttpMethod.Put, desk, Body("""{"type":"UserAssigned","userAssignedIdentities":{"robot-one":{},"robot-two":{}}}""")));
        string machine = (await DockerObjects.OfAsync(carrel.Installation)).Containers.Single();
        await arm.WaitAsync(await arm.SendAsync(HttpMethod.Put, plain, Body(null)));
        string sibling = (await DockerObjects.OfAsync(carrel.Installation)).Containers.Single(container => container != machine);
        JsonNode first = await IdentityAsync(arm, group, "robot-one"), second = await IdentityAsync(arm, group, "robot-two");

        // 1. The ways in: the documentation's program, by name, and the metadata service.
        JsonNode said = Claims(await DockerObjects.ExecuteAsync(machine, $". /etc/profile.d/carrel.sh; python3 -c '{Documentation.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
        (said["aud"]!.ToString(), said["appid"]!.ToString(), said["oid"]!.ToString(), said["sub"]!.ToString(), said["idtyp"]!.ToString())
            .ShouldBe((Arm, first["clientId"]!.ToString(), first["principalId"]!.ToString(), first["principalId"]!.ToString(), "app"));
        said["xms_mirid"]!.ToString().ShouldBe(group + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/robot-one");
        said["tid"]!.ToString().ShouldBe(carrel.Client["CARREL_TENANT"]);
        Claims(await DockerObjects.ExecuteAsync(
                machine, $". /etc/profile.d/carrel.sh; unset DEFAULT_IDENTITY_CLIENT_ID; python3 -c '{Documentation.Replace("'", "'\\''", StringComparison.Ordinal)}'"))["appid"]!
            .ToString().ShouldBe(first["clientId"]!.ToString(), "the text None means the default identity");
        Answer named = await MsiAsync(machine, $"resource={Arm}/&clientid={second["clientId"]}&api-version=2017-09-01");
        (named.Status, Claims(named)["appid"]!.ToString(), Claims(named)["aud"]!.ToString()).ShouldBe((200, second["clientId"]!.ToString(), Arm + "/"));
        named.Body.AsObject().ShouldAllBe(member => member.Value!.GetValueKind() == System.Text.Json.JsonValueKind.String);
        Answer metadata = await CurlAsync(machine, $"-H 'Metadata: true' '{Imds}'");
        metadata.Status.ShouldBe(200, metadata.Text);
        metadata.Body["expires_in"]!.GetValue<string>().ShouldNotBeEmpty();
        metadata.Body["access_token"]!.ToString().ShouldBe((await CurlAsync(machine, $"-H 'Metadata: true' '{Imds}'")).Body["access_token"]!.ToString(), "the same until shortly before its end");
        (await CurlAsync(machine, $"-H 'Metadata: true' '{Imds}&client_id={second["clientId"]}'")).Status.ShouldBe(200);

        // 2. The table of errors.
        ShouldBe(await CurlAsync(machine, $"'$MSI_ENDPOINT?resource={Arm}&api-version=2017-09-01'"), 401, "unauthorized_client");
        ShouldBe(await MsiAsync(machine, $"resource={Arm}&api-version=2017-09-01", secret: "wrong"), 401, "unauthorized_client");
        ShouldBe(await MsiAsync(machine, "api-version=2017-09-01"), 400, "invalid_request");
        ShouldBe(await MsiAsync(machine, $"resource={Arm}&api-version=2019-08-01"), 400, "invalid_request");
        ShouldBe(await MsiAsync(machine, "resource=https://vault.example&api-version=2017-09-01"), 400, "invalid_resource");
        ShouldBe(await MsiAsync(machine, $"resource={Arm}&clientid={Guid.NewGuid()}&api-version=2017-09-01"), 400, "invalid_request");
        ShouldBe(await CurlAsync(machine, $"'{Imds}'"), 400, "bad_request_102");
        ShouldBe(await CurlAsync(machine, $"-H 'Metadata: True' '{Imds}'"), 400, "bad_request_102");
        ShouldBe(await CurlAsync(machine, $"-H 'Metadata: true' '{Imds}&client_id={Guid.NewGuid()}'"), 400, "invalid_request");
        ShouldBe(await CurlAsync(machine, "-H 'Metadata: true' http://169.254.169.254/metadata/instance"), 401, "unknown_source");

        // 3. Who must not: a forwarded request, a page that names another host, another user, the sibling, the host itself.
        ShouldBe(await CurlAsync(machine, $"-H 'Metadata: true' -H 'X-Forwarded-For: 10.0.0.1' '{Imds}'"), 400, "invalid_request");
        ShouldBe(await MsiAsync(machine, $"resource={Arm}&api-version=2017-09-01", more: "-H 'Host: evil.example:46808'"), 400, "invalid_request");
        (await DockerObjects.RunAsync("exec", "-u", "65534", machine, "cat", "/run/carrel/settings.env")).Code.ShouldNotBe(0, "the secret is for the machine's user alone");
        (await DockerObjects.RunAsync("exec", "-u", "65534", machine, "cat", "/etc/environment.sso")).Code.ShouldNotBe(0);
        (await DockerObjects.RunAsync("inspect", machine)).Output.ShouldNotContain(await SecretAsync(machine));
        ShouldBe(await CurlAsync(sibling, $"-H 'Metadata: true' '{Imds}'"), 400, "invalid_request");
        (await DockerObjects.ExecuteAsync(sibling, ". /etc/profile.d/carrel.sh; env | grep -c ^MSI_ || true")).ShouldBe("0");
        string address = await DockerObjects.ExecuteAsync(machine, "hostname -I | cut -d' ' -f1");
        ShouldBe(await CurlAsync(sibling, $"-H 'Secret: {await SecretAsync(machine)}' 'http://127.0.0.1:46808/MSI/auth?resource={Arm}&api-version=2017-09-01'"), 401, "unauthorized_client");
        foreach (int port in new[] { 46808, 8200, 8201 })
            (await DockerObjects.ExecuteAsync(sibling, $"timeout 3 bash -c '</dev/tcp/{address}/{port}' 2>/dev/null && echo open || echo closed")).ShouldBe("closed");
        foreach (string elsewhere in new[] { "169.254.169.253:80", "169.254.169.254:8080" })
            (await DockerObjects.ExecuteAsync(machine, $"curl -s -m 3 -o /dev/null http://{elsewhere}/ && echo open || echo closed")).ShouldBe("closed");

        // 4. The same address inside and outside, and the token's rights are its identity's.
        (await DockerObjects.ExecuteAsync(machine, $". /etc/profile.d/carrel.sh; curl -s $CARREL_URL/healthz")).ShouldBe("healthy");
        string stop = $". /etc/profile.d/carrel.sh; curl -s -o /dev/null -w '%{{http_code}}' -X POST -H \"Authorization: Bearer {named.Body["access_token"]}\" -d '' $CARREL_URL{desk}/stop?api-version=2025-12-01";
        (await DockerObjects.ExecuteAsync(machine, stop)).ShouldBe("403", "an identity has no role by itself");
        await MakeContributorAsync(carrel, second["principalId"]!.ToString());

        // 5. What is taken away gives nothing from then on, and what is given is there without a restart.
        await arm.SendAsync(HttpMethod.Patch, desk, """{"identity":{"type":"UserAssigned","userAssignedIdentities":{"robot-one":null}}}""");
        ShouldBe(await MsiAsync(machine, $"resource={Arm}&clientid={first["clientId"]}&api-version=2017-09-01"), 400, "invalid_request");
        await UntilAsync(async () => (await DockerObjects.ExecuteAsync(machine, ". /etc/profile.d/carrel.sh; echo $DEFAULT_IDENTITY_CLIENT_ID")) == second["clientId"]!.ToString());
        await arm.SendAsync(HttpMethod.Patch, plain, """{"identity":{"type":"SystemAssigned"}}""");
        await UntilAsync(async () => (await CurlAsync(sibling, $"-H 'Metadata: true' '{Imds}'")).Status == 200);

        // 6. The last act of the first machine: its own stop. Its address is nobody's then.
        // The shell may be gone with it before it has ended well.
        (await DockerObjects.RunAsync("exec", "-u", "azureuser", machine, "/bin/sh", "-c", stop)).Output.Trim().ShouldBe("202");
    }

    private static string Body(string? identity) =>
        "{" + (identity is null ? "" : $"\"identity\":{identity},") + "\"properties\":{\"computeType\":\"ComputeInstance\",\"properties\":{\"vmSize\":\"STANDARD_DS1_V2\"}}}";

    private static async Task<JsonNode> IdentityAsync(ArmClient arm, string group, string name) =>
        (await arm.SendAsync(HttpMethod.Get, $"{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}")).Body!["properties"]!;

    // Straight into the store, so that this test says nothing of how roles are given.
    private static async Task MakeContributorAsync(RunningCarrel carrel, string principal)
    {
        await using SqliteDatabase database = SqliteDatabase.Open(Path.Combine(carrel.DataFolder, "carrel.db"), TimeProvider.System);
        int rows = await database.WriteAsync((connection, transaction) =>
        {
            using System.Data.Common.DbCommand insert = connection.CreateCommand();
            insert.Transaction = transaction;
            insert.CommandText = $"""
                INSERT INTO role_assignments (id, scope_key, scope, principal_id, role_definition_id, principal_type, created_at)
                VALUES ('{Guid.NewGuid()}', '{carrel.Workspace.ToLowerInvariant()}', '{carrel.Workspace}', '{principal}', 'b24988ac-6180-42a0-ab88-20f7382dd24c', 'ServicePrincipal', 0)
                """;
            return insert.ExecuteNonQuery();
        });
        rows.ShouldBe(1);
    }

    private static Task<string> SecretAsync(string machine) => DockerObjects.ExecuteAsync(machine, ". /etc/profile.d/carrel.sh; echo $MSI_SECRET");

    private static Task<Answer> MsiAsync(string machine, string query, string secret = "$MSI_SECRET", string more = "") =>
        CurlAsync(machine, $"-H \"secret: {secret}\" {more} \"http://127.0.0.1:46808/MSI/auth?{query}\"");

    private static async Task<Answer> CurlAsync(string machine, string arguments)
    {
        string text = await DockerObjects.ExecuteAsync(machine, $". /etc/profile.d/carrel.sh; curl -s -m 20 -w '\\n%{{http_code}}' {arguments.Replace("'$MSI_ENDPOINT", "\"$MSI_ENDPOINT\"'", StringComparison.Ordinal)}");
        int cut = text.LastIndexOf('\n');
        return new Answer(int.Parse(text[(cut + 1)..], System.Globalization.CultureInfo.InvariantCulture), text[..Math.Max(0, cut)]);
    }

    private static void ShouldBe(Answer answer, int status, string error) => (answer.Status, answer.Body["error"]!.ToString(), answer.Body["error_description"] is not null).ShouldBe((status, error, true), answer.Text);

    private static JsonNode Claims(Answer answer) => Claims(answer.Body["access_token"]!.ToString());

    private static JsonNode Claims(string token) => JsonNode.Parse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token.Split('.')[1])))!;

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await holds())
            await Task.Delay(200, patience.Token);
    }

    private sealed record Answer(int Status, string Text)
    {
        internal JsonNode Body => JsonNode.Parse(Text)!;
    }
}
