namespace Carrel.Instances.Resources;

/// <summary>
/// Strong entity tags (RFC 9110, 8.8.3), quoted. The unique id is part of them: what is made anew under an old name never has an old tag.
/// </summary>
public static class EntityTag
{
    /// <summary>The tag of an instance; every stored change gives another one, changes of its state included.</summary>
    public static string Of(ComputeInstance instance) => Of(instance.Uid, instance.Version);

    /// <summary>The tag of a workspace.</summary>
    public static string Of(Workspace workspace) => Of(workspace.Uid, workspace.Version);

    /// <summary>The tag of a resource group.</summary>
    public static string Of(ResourceGroup group) => Of(group.Uid, group.Version);

    /// <summary>The tag of a user-assigned identity.</summary>
    public static string Of(UserAssignedIdentity identity) => Of(identity.Ids.PrincipalId, identity.Version);

    private static string Of(Guid uid, long version) => $"\"{uid:N}-{version}\"";
}
