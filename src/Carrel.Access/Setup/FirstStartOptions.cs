namespace Carrel.Access.Setup;

/// <summary>What is made at the first start; later starts keep what there is.</summary>
public sealed record FirstStartOptions
{
    /// <summary>Tenant id; null makes a new one.</summary>
    public Guid? TenantId { get; init; }

    /// <summary>The part of sign-in names behind the at sign.</summary>
    public string Domain { get; init; } = "carrel.local";

    /// <summary>The subscription; its first program and its administrator become Owners of it.</summary>
    public required Guid SubscriptionId { get; init; }

    /// <summary>The administrator's sign-in name, with or without <c>@domain</c>.</summary>
    public string AdministratorName { get; init; } = "admin";

    /// <summary>Name of the first resource group, for the files.</summary>
    public required string ResourceGroup { get; init; }

    /// <summary>Name of the first workspace, for the files.</summary>
    public required string Workspace { get; init; }

    /// <summary>How long the first program's secret is good.</summary>
    public TimeSpan SecretLifetime { get; init; } = TimeSpan.FromDays(3650);
}
