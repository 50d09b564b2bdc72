using Carrel.Access.Setup;
using Carrel.Engine.Events;
using Carrel.Engine.Storage;
using Carrel.Instances.Resources;
using Carrel.Server.Configuration;
using NodaTime;

namespace Carrel.Server.FirstStart;

/// <summary>
/// What a first start makes, in this order, so that a crash in between is repaired by the next start:
/// 1. tenant, administrator, first service principal and their roles; 2. resource group and workspace; 3. the files with the secrets;
/// 4. the note that the files are there. Until that note every start replaces the secrets.
/// </summary>
internal sealed class FirstStartFiles(
    Access.Setup.FirstStart firstStart, IEngineStore store, ServerOptions options, DataFolder folder, TimeProvider time)
{
    internal async Task EnsureAsync(Guid subscription, CancellationToken cancellation)
    {
        FirstStartResult result = await firstStart.RunAsync(
            new FirstStartOptions
            {
                TenantId = options.Tenant,
                Domain = options.TenantDomain,
                SubscriptionId = subscription,
                AdministratorName = options.Administrator,
                ResourceGroup = options.ResourceGroup,
                Workspace = options.Workspace,
            },
            cancellation);
        if (result.Secrets is not { } secrets)
            return;
        await MakeWorkspaceAsync(subscription, result, secrets, cancellation);
        DataFolder.WritePrivate(
            folder.ClientEnvironment,
            ClientEnvironment.Write(options, Path.Combine(folder.Tls, "ca.crt"), result.Tenant.Id, subscription, secrets.ClientId, secrets.ClientSecret));
        DataFolder.WritePrivate(folder.AdministratorFile, $"user: {secrets.AdministratorName}\npassword: {secrets.AdministratorPassword}\n");
        await firstStart.ConfirmDeliveryAsync(cancellation);
    }

    private Task<bool> MakeWorkspaceAsync(Guid subscription, FirstStartResult result, FirstSecrets secrets, CancellationToken cancellation) => store.WriteAsync(
        transaction =>
        {
            Instant now = Instant.FromDateTimeOffset(time.GetUtcNow());
            var address = new WorkspaceAddress(subscription.ToString("D"), options.ResourceGroup, options.Workspace);
            var administrator = new Principal(result.AdministratorId, result.Tenant.Id, secrets.AdministratorName, "User");
            if (transaction.FindResourceGroup(address.SubscriptionId, address.ResourceGroup) is null)
            {
                var group = new ResourceGroup(address.SubscriptionId, address.ResourceGroup, options.Location, new Dictionary<string, string>(), now);
                transaction.Save(group);
                transaction.Append(Made(administrator, "Microsoft.Resources/subscriptions/resourceGroups/write", group.ResourceId, now));
            }

            if (transaction.FindWorkspace(address) is null)
            {
                var model = new WorkspaceModel(new Dictionary<string, string>(), null, "Basic", "Basic", "SystemAssigned", "{}");
                transaction.Insert(new Workspace(Guid.NewGuid(), address, options.Location, model, Deleting: false, administrator, now, administrator, now, Version: 1));
                transaction.Append(Made(administrator, "Microsoft.MachineLearningServices/workspaces/write", address.ResourceId, now));
            }

            return true;
        },
        cancellation);

    private static ActivityEvent Made(Principal administrator, string action, string target, Instant now) =>
        new(now, administrator, action, target, "Succeeded", "User", "Made by the first start.", "", Guid.NewGuid().ToString("D"));
}
