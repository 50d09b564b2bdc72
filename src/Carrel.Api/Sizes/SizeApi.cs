using System.Text.Json.Nodes;
using Carrel.Arm.Pipeline;
using Carrel.Engine.Commands;
using Carrel.Engine.Storage;
using Carrel.Instances.Quota;
using Carrel.Instances.Sizes;

namespace Carrel.Api.Sizes;

/// <summary>VM sizes and usage of a location; any label answers (contract 1.8, 10.4).</summary>
public sealed class SizeApi(VmSizeCatalogue sizes, IEngineStore store)
{
    /// <summary>The route table.</summary>
    public IEnumerable<ArmOperation> Operations =>
    [
        new("VirtualMachineSizes_List", "GET", Patterns.Location + "/vmSizes", Actions.VirtualMachineSizesRead, VirtualMachineSizes_List),
        new("Usages_List", "GET", Patterns.Location + "/usages", Actions.UsagesRead, Usages_List),
    ];

    private Task<ArmResult> VirtualMachineSizes_List(ArmRequest request) => Task.FromResult(ArmResult.Ok(sizes.ToListBody()));

    private async Task<ArmResult> Usages_List(ArmRequest request)
    {
        string location = request.Route("location").Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
        string subscription = request.Route("subscriptionId");
        QuotaUse use = await store.ReadAsync(view => CoresInUse.Of(view, subscription, location), request.Cancellation);
        return ArmResult.Ok(UsageBody.Write(subscription, sizes, use, QuotaLimits.Default(sizes)));
    }
}
