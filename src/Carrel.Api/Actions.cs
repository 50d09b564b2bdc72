namespace Carrel.Api;

/// <summary>The resource provider operations that routes are authorised by (contract 7.4, <c>rbac.json</c>).</summary>
internal static class Actions
{
    private const string Authorization = "Microsoft.Authorization/";
    private const string Provider = "Microsoft.MachineLearningServices/";

    internal const string SubscriptionRead = "Microsoft.Resources/subscriptions/read";
    internal const string ResourceGroupRead = "Microsoft.Resources/subscriptions/resourceGroups/read";
    internal const string ResourceGroupWrite = "Microsoft.Resources/subscriptions/resourceGroups/write";
    internal const string ResourceGroupDelete = "Microsoft.Resources/subscriptions/resourceGroups/delete";
    internal const string ResourcesRead = "Microsoft.Resources/subscriptions/resources/read";
    internal const string GroupResourcesRead = "Microsoft.Resources/subscriptions/resourceGroups/resources/read";
    internal const string ProviderRegister = Provider + "register/action";
    internal const string ActivityLogRead = "Microsoft.Insights/eventtypes/values/read";
    internal const string RoleDefinitionRead = Authorization + "roleDefinitions/read";
    internal const string RoleDefinitionWrite = Authorization + "roleDefinitions/write";
    internal const string RoleDefinitionDelete = Authorization + "roleDefinitions/delete";
    internal const string RoleAssignmentRead = Authorization + "roleAssignments/read";
    internal const string RoleAssignmentWrite = Authorization + "roleAssignments/write";
    internal const string RoleAssignmentDelete = Authorization + "roleAssignments/delete";
    internal const string IdentityAssign = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action";
    internal const string SubnetJoin = "Microsoft.Network/virtualNetworks/subnets/join/action";
    internal const string WorkspaceRead = Provider + "workspaces/read";
    internal const string WorkspaceWrite = Provider + "workspaces/write";
    internal const string WorkspaceDelete = Provider + "workspaces/delete";
    internal const string ComputeRead = Provider + "workspaces/computes/read";
    internal const string ComputeWrite = Provider + "workspaces/computes/write";
    internal const string ComputeDelete = Provider + "workspaces/computes/delete";
    internal const string ComputeStart = Provider + "workspaces/computes/start/action";
    internal const string ComputeStop = Provider + "workspaces/computes/stop/action";
    internal const string ComputeRestart = Provider + "workspaces/computes/restart/action";
    internal const string ComputeReimage = Provider + "workspaces/computes/reimage/action";
    internal const string ComputeUpdateIdleShutdownSetting = Provider + "workspaces/computes/updateIdleShutdownSetting/action";
    internal const string ComputeUpdateSchedules = Provider + "workspaces/computes/updateSchedules/action";
    internal const string ComputeEnableSso = Provider + "workspaces/computes/enableSso/action";

    /// <summary>Another name of <see cref="ComputeEnableSso"/> in the list of operations; no route asks for it.</summary>
    internal const string ComputeEnableSsoAlias = Provider + "workspaces/computes/updateSsoSettings/action";
    internal const string ComputeUpdateCustomServices = Provider + "workspaces/computes/updateCustomServices/action";
    internal const string ComputeUpdateDataMounts = Provider + "workspaces/computes/updateDataMounts/action";
    internal const string ComputeResize = Provider + "workspaces/computes/resize/action";
    internal const string ComputeGetAllowedSizes = Provider + "workspaces/computes/getAllowedVmSizesForResize/action";
    internal const string ComputeApplicationAccess = Provider + "workspaces/computes/applicationaccess/action";
    internal const string ComputeShowLinks = Provider + "workspaces/computes/applicationaccessuilinks/action";
    internal const string ComputeListKeys = Provider + "workspaces/computes/listKeys/action";
    internal const string ComputeListNodes = Provider + "workspaces/computes/listNodes/action";
    internal const string CheckComputeName = Provider + "workspaces/checkComputeNameAvailability/action";
    internal const string VirtualMachineSizesRead = Provider + "locations/vmSizes/read";
    internal const string QuotasRead = Provider + "locations/quotas/read";
    internal const string QuotasUpdate = Provider + "locations/updateQuotas/action";
    internal const string IdentityRead = "Microsoft.ManagedIdentity/userAssignedIdentities/read";
    internal const string IdentityWrite = "Microsoft.ManagedIdentity/userAssignedIdentities/write";
    internal const string IdentityDelete = "Microsoft.ManagedIdentity/userAssignedIdentities/delete";
    internal const string UsagesRead = Provider + "locations/usages/read";
}
