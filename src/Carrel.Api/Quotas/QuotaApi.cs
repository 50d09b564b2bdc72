using System.Text.Json;
using Carrel.Arm.Pipeline;
using Carrel.Engine.Commands;
using Carrel.Engine.Quota;
using Carrel.Engine.Storage;
using Carrel.Instances.Quota;
using Carrel.Instances.Resources;
using Carrel.Instances.Sizes;
using Carrel.Instances.Specs;

namespace Carrel.Api.Quotas;

/// <summary>Limits and what is in use of them, of a location and of a workspace; any location's label answers (contract 1.8, 10.4).</summary>
public sealed class QuotaApi(VmSizeCatalogue sizes, QuotaCommands commands, IEngineStore store)
{
    /// <summary>The route table. The limits of workspaces too are set at the subscription, by whoever has the action there (contract 7.4).</summary>
    public IEnumerable<ArmOperation> Operations =>
    [
        new("Usages_List", "GET", Patterns.Location + "/usages", Actions.UsagesRead, Usages_List),
        new("WorkspaceUsages_List", "GET", Patterns.Workspace + "/usages", Actions.WorkspaceRead, WorkspaceUsages_List),
        new("Quotas_List", "GET", Patterns.Location + "/quotas", Actions.QuotasRead, Quotas_List),
        new("Quotas_Update", "POST", Patterns.Location + "/updateQuotas", Actions.QuotasUpdate, Quotas_Update),
    ];

    private async Task<ArmResult> Usages_List(ArmRequest request)
    {
        string subscription = request.Route("subscriptionId");
        QuotaReading reading = await ReadAsync(request, subscription, request.Location());
        return ArmResult.Ok(UsageBody.Write(subscription, sizes, reading.Use, reading.Limits(sizes), reading.Shares(), request.Location()));
    }

    private async Task<ArmResult> WorkspaceUsages_List(ArmRequest request)
    {
        Workspace workspace = await request.RequireParentAsync(store);
        QuotaReading reading = await ReadAsync(request, workspace.Address.SubscriptionId, workspace.Location);
        return ArmResult.Ok(UsageBody.WriteWorkspace(
            workspace.Address.ResourceId, sizes, reading.Limits(sizes, workspace), [.. reading.SharesOf(workspace)], workspace.Location));
    }

    private async Task<ArmResult> Quotas_List(ArmRequest request)
    {
        string subscription = request.Route("subscriptionId");
        QuotaReading reading = await ReadAsync(request, subscription, request.Location());
        return ArmResult.Ok(QuotaBody.Write(subscription, request.Location(), sizes, reading.Settings, reading.Workspaces));
    }

    private async Task<ArmResult> Quotas_Update(ArmRequest request)
    {
        JsonElement body = await request.ReadObjectAsync();
        string subscription = request.Route("subscriptionId");
        var findings = new List<Finding>();
        IReadOnlyList<QuotaUpdate> updates = QuotaUpdate.Read(body, subscription, request.Location(), findings);
        if (findings.Count > 0)
            throw Refusals.ToArm(new RefusedException(RefusalKind.Invalid, findings));
        IReadOnlyList<QuotaUpdateDecision> decisions = await commands.UpdateAsync(subscription, request.Location(), updates, request.Context(), request.Cancellation);
        return ArmResult.List(updates.Zip(decisions, (update, decision) => update.Row(decision.Status, decision.Limit)));
    }

    private Task<QuotaReading> ReadAsync(ArmRequest request, string subscription, string location) =>
        store.ReadAsync(view => QuotaReading.Of(view, subscription, location), request.Cancellation);
}
