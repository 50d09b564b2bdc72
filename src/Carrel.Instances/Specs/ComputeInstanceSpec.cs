namespace Carrel.Instances.Specs;

/// <summary>What was asked, as it was sent: every member is optional, null means absent (contract 1.1, 1.2). Read-only members are not here.</summary>
public sealed record ComputeInstanceSpec
{
    /// <summary>Top level <c>location</c>; the workspace's is used whatever this says.</summary>
    public string? Location { get; init; }

    /// <summary>Top level <c>tags</c>.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Top level <c>identity</c>.</summary>
    public IdentitySpec? Identity { get; init; }

    /// <summary>Top level <c>sku</c>.</summary>
    public SkuModel? Sku { get; init; }

    /// <summary>Outer <c>computeType</c>.</summary>
    public string? ComputeType { get; init; }

    /// <summary>Outer <c>computeLocation</c>; the workspace's location is used whatever this says.</summary>
    public string? ComputeLocation { get; init; }

    /// <summary>Outer <c>description</c>.</summary>
    public string? Description { get; init; }

    /// <summary>Outer <c>disableLocalAuth</c>.</summary>
    public bool? DisableLocalAuth { get; init; }

    /// <summary>Names of inner properties that were sent at the outer level: ignored with a warning (contract 1.1).</summary>
    public IReadOnlyList<string> Misplaced { get; init; } = [];

    /// <summary><c>vmSize</c>.</summary>
    public string? VmSize { get; init; }

    /// <summary><c>subnet.id</c>.</summary>
    public string? SubnetId { get; init; }

    /// <summary><c>applicationSharingPolicy</c>; no choice of anybody (contract 9.5).</summary>
    public string? ApplicationSharingPolicy { get; init; }

    /// <summary><c>sshSettings.sshPublicAccess</c>.</summary>
    public string? SshPublicAccess { get; init; }

    /// <summary><c>sshSettings.adminPublicKey</c>.</summary>
    public string? AdminPublicKey { get; init; }

    /// <summary><c>computeInstanceAuthorizationType</c>.</summary>
    public string? AuthorizationType { get; init; }

    /// <summary><c>personalComputeInstanceSettings.assignedUser</c>.</summary>
    public AssignedUserSpec? AssignedUser { get; init; }

    /// <summary><c>setupScripts.scripts.creationScript</c>.</summary>
    public SetupScriptSpec? CreationScript { get; init; }

    /// <summary><c>setupScripts.scripts.startupScript</c>.</summary>
    public SetupScriptSpec? StartupScript { get; init; }

    /// <summary><c>schedules.computeStartStop</c>; an empty list was sent, null was not.</summary>
    public IReadOnlyList<ScheduleSpec>? Schedules { get; init; }

    /// <summary><c>idleTimeBeforeShutdown</c>, the text as sent.</summary>
    public string? IdleTimeBeforeShutdown { get; init; }

    /// <summary><c>enableNodePublicIp</c>.</summary>
    public bool? EnableNodePublicIp { get; init; }

    /// <summary><c>enableSSO</c>.</summary>
    public bool? EnableSso { get; init; }

    /// <summary><c>enableRootAccess</c>.</summary>
    public bool? EnableRootAccess { get; init; }

    /// <summary><c>enableOSPatching</c>.</summary>
    public bool? EnableOsPatching { get; init; }

    /// <summary><c>releaseQuotaOnStop</c>.</summary>
    public bool? ReleaseQuotaOnStop { get; init; }

    /// <summary><c>provisionStopped</c> (contract 3.5).</summary>
    public bool? ProvisionStopped { get; init; }

    /// <summary><c>customServices</c>; an empty list was sent, null was not.</summary>
    public IReadOnlyList<CustomServiceSpec>? CustomServices { get; init; }

    /// <summary><c>autologgerSettings.mlflowAutologger</c>.</summary>
    public string? MlflowAutologger { get; init; }
}

/// <summary>The <c>identity</c> object as sent.</summary>
/// <param name="Type">Word or words of <c>type</c>.</param>
/// <param name="UserAssigned">Keys of <c>userAssignedIdentities</c> whose value is not null; null when the map was not sent.</param>
public sealed record IdentitySpec(string? Type, IReadOnlyList<string>? UserAssigned)
{
    /// <summary>Keys whose value is null: identities that shall be taken away.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];
}

/// <summary>The assigned user as sent (contract 9.1).</summary>
/// <param name="ObjectId">Object id.</param>
/// <param name="TenantId">Tenant.</param>
public sealed record AssignedUserSpec(string? ObjectId, string? TenantId);

/// <summary>One setup script as sent (contract 5.1).</summary>
/// <param name="Source"><c>scriptSource</c>.</param>
/// <param name="Data"><c>scriptData</c>.</param>
/// <param name="Arguments"><c>scriptArguments</c>.</param>
/// <param name="Timeout"><c>timeout</c>.</param>
public sealed record SetupScriptSpec(string? Source, string? Data, string? Arguments, string? Timeout);
