namespace Carrel.Access.Roles;

/// <summary>One permission of a role; its notActions subtract from its own actions only (contract 7.2).</summary>
/// <param name="Actions">Patterns of the control plane.</param>
/// <param name="NotActions">Patterns taken away from <paramref name="Actions"/>.</param>
/// <param name="DataActions">Patterns of the data plane; never grant an action.</param>
/// <param name="NotDataActions">Patterns taken away from <paramref name="DataActions"/>.</param>
public sealed record RolePermission(
    IReadOnlyList<string> Actions,
    IReadOnlyList<string> NotActions,
    IReadOnlyList<string> DataActions,
    IReadOnlyList<string> NotDataActions);

/// <summary>A role.</summary>
/// <param name="Id">The definition's GUID; found under any scope prefix (contract 7.1).</param>
/// <param name="RoleName">Name for people.</param>
/// <param name="Permissions">What it allows.</param>
/// <param name="AssignableScopes">Where it may be assigned.</param>
/// <param name="IsBuiltIn">Whether it came with Carrel.</param>
public sealed record RoleDefinition(
    Guid Id,
    string RoleName,
    IReadOnlyList<RolePermission> Permissions,
    IReadOnlyList<string> AssignableScopes,
    bool IsBuiltIn)
{
    /// <summary>What it is for.</summary>
    public string Description { get; init; } = "";

    /// <summary>Who wrote it first, and who last; null for built-in roles.</summary>
    public RoleStamp? Created { get; init; }

    /// <summary>The last change; null for built-in roles.</summary>
    public RoleStamp? Updated { get; init; }
}

/// <summary>Who wrote something, and when.</summary>
/// <param name="By">Object id.</param>
/// <param name="At">When.</param>
public sealed record RoleStamp(Guid By, DateTimeOffset At);

/// <summary>A role given to somebody at a scope.</summary>
/// <param name="Id">The assignment's GUID.</param>
/// <param name="Scope">Where, as written by the caller: <c>/subscriptions/...</c> or <c>/</c>.</param>
/// <param name="PrincipalId">To whom: object id of a person, group or program.</param>
/// <param name="RoleDefinitionId">Which role.</param>
/// <param name="PrincipalType">User, Group or ServicePrincipal.</param>
/// <param name="CreatedAt">When.</param>
public sealed record RoleAssignment(
    Guid Id, string Scope, Guid PrincipalId, Guid RoleDefinitionId, string PrincipalType, DateTimeOffset CreatedAt)
{
    /// <summary>Why, in the words of whoever gave it; null for none.</summary>
    public string? Description { get; init; }

    /// <summary>Who gave it; null for those of the first start.</summary>
    public Guid? CreatedBy { get; init; }
}
