namespace Carrel.Api;

/// <summary>The paths of wire.md: <c>{WS}</c> and <c>{L}</c>.</summary>
internal static class Patterns
{
    internal const string Subscription = "/subscriptions/{subscriptionId}";
    internal const string ResourceGroup = Subscription + "/resourceGroups/{resourceGroupName}";
    internal const string Workspaces = ResourceGroup + "/providers/Microsoft.MachineLearningServices/workspaces";
    internal const string Workspace = Workspaces + "/{workspaceName}";
    internal const string Computes = Workspace + "/computes";
    internal const string Compute = Computes + "/{computeName}";
    internal const string Identities = ResourceGroup + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities";
    internal const string Identity = Identities + "/{resourceName}";
    internal const string Location = Subscription + "/providers/Microsoft.MachineLearningServices/locations/{location}";
}
