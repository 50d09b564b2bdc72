using System.Text.Json.Serialization;

namespace Carrel.Instances.Specs;

/// <summary>
/// The validated, immutable wish for a compute instance (contract 1.2), defaults filled. Scalars are constructor parameters with defaults and
/// not plain properties, because a stored document that lacks a later member must then read as the default.
/// </summary>
/// <param name="VmSize">Size as sent; compared ignoring case.</param>
/// <param name="Description">Free text, or null.</param>
/// <param name="SubnetId">Full ARM id of the subnet, or null.</param>
/// <param name="SshEnabled">Whether <c>sshPublicAccess</c> is Enabled.</param>
/// <param name="AdminPublicKey">Public key normalised to one OpenSSH line, or null.</param>
/// <param name="AssignedUser">The person it was created for, or null.</param>
/// <param name="EnableNodePublicIp">Whether it has a public address.</param>
/// <param name="EnableSso">Whether the owner's credential is available inside (contract 9.2).</param>
/// <param name="EnableRootAccess">Whether the user has sudo.</param>
/// <param name="EnableOsPatching">Whether the guest patches itself.</param>
/// <param name="ReleaseQuotaOnStop">Whether a stopped instance gives its cores back.</param>
/// <param name="IdleMinutes">Whole minutes of idleness before it is stopped, 15 to 4320, or null for off (contract 4.1).</param>
/// <param name="ProvisionStopped">Whether it was to be created stopped (contract 3.5); write-only.</param>
/// <param name="MlflowAutologger">Autologger asked on or off, or null for the default.</param>
/// <param name="Identity">Managed identities, or null for none.</param>
/// <param name="Sku">Stored and echoed only.</param>
/// <param name="CreationScript">Runs once, or null.</param>
/// <param name="StartupScript">Runs at every start, or null.</param>
public sealed record ComputeInstanceModel(
    string VmSize,
    string? Description = null,
    string? SubnetId = null,
    bool SshEnabled = false,
    string? AdminPublicKey = null,
    AssignedUser? AssignedUser = null,
    bool EnableNodePublicIp = true,
    bool EnableSso = true,
    bool EnableRootAccess = true,
    bool EnableOsPatching = false,
    bool ReleaseQuotaOnStop = false,
    int? IdleMinutes = null,
    bool ProvisionStopped = false,
    bool? MlflowAutologger = null,
    IdentityModel? Identity = null,
    SkuModel? Sku = null,
    SetupScriptModel? CreationScript = null,
    SetupScriptModel? StartupScript = null)
{
    /// <summary>Tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init => field = value ?? NoTags; } = NoTags;

    /// <summary>Start and stop schedules, at most four.</summary>
    public IReadOnlyList<ScheduleModel> Schedules { get; init => field = value ?? []; } = [];

    /// <summary>Custom services.</summary>
    public IReadOnlyList<CustomServiceModel> CustomServices { get; init => field = value ?? []; } = [];

    /// <summary>Data mounts; changed by their own call only.</summary>
    public IReadOnlyList<DataMountModel> DataMounts { get; init => field = value ?? []; } = [];

    private static readonly Dictionary<string, string> NoTags = [];
}

/// <summary>The person an instance was created for (contract 9.1).</summary>
/// <param name="ObjectId">Object id.</param>
/// <param name="TenantId">Tenant.</param>
public sealed record AssignedUser(Guid ObjectId, Guid TenantId);

/// <summary>A stock-keeping unit: stored and echoed, without meaning here.</summary>
/// <param name="Name">Name, or null.</param>
/// <param name="Tier">Tier, or null.</param>
public sealed record SkuModel(string? Name, string? Tier);

/// <summary>Managed identities of an instance (contract 9.3); at least one of the two kinds.</summary>
/// <param name="SystemAssigned">Whether it has an identity of its own.</param>
/// <param name="UserAssigned">Full ARM ids of user-assigned identities, in the order sent.</param>
public sealed record IdentityModel(bool SystemAssigned, IReadOnlyList<string> UserAssigned)
{
    /// <summary>The canonical word of <c>identity.type</c> (wire 3.2).</summary>
    [JsonIgnore]
    public string TypeWord => (SystemAssigned, UserAssigned.Count > 0) switch
    {
        (true, true) => "SystemAssigned,UserAssigned",
        (true, false) => "SystemAssigned",
        (false, true) => "UserAssigned",
        _ => "None",
    };
}

/// <summary>Where a setup script comes from (contract 5.1).</summary>
public enum ScriptSource
{
    /// <summary>A file on the workspace share, or a command line when there is no data.</summary>
    WorkspaceStorage,

    /// <summary>Base64 of the text itself.</summary>
    Inline,
}

/// <summary>One setup script, as sent but for the spelling of its source.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="Data">Path or base64, or null.</param>
/// <param name="Arguments">Arguments or command line, or null.</param>
/// <param name="Timeout">Text for the <c>timeout</c> command (contract 5.3), or null for 15 minutes.</param>
public sealed record SetupScriptModel(ScriptSource Source, string? Data, string? Arguments, string? Timeout);

/// <summary>One custom service (contract 13.3).</summary>
/// <param name="Name">Unique on the instance, ignoring case.</param>
/// <param name="Endpoints">At least one.</param>
/// <param name="Document">The whole service as a JSON object in canonical spelling, extra members kept, <c>"type":"docker"</c> added.</param>
public sealed record CustomServiceModel(string Name, IReadOnlyList<ServiceEndpoint> Endpoints, string Document);

/// <summary>One endpoint of a custom service.</summary>
/// <param name="Name">Name, or null.</param>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c> or <c>http</c>.</param>
/// <param name="Target">Port in the container, 1026 to 65534.</param>
/// <param name="Published">Port on the instance, 1026 to 65534.</param>
public sealed record ServiceEndpoint(string? Name, string Protocol, int Target, int Published);
