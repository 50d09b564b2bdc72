using Carrel.Arm.Pipeline;
using Carrel.Instances.Sizes;

namespace Carrel.Api.Sizes;

/// <summary>VM sizes of a location; any label answers (contract 1.8, 10.4).</summary>
public sealed class SizeApi(VmSizeCatalogue sizes)
{
    /// <summary>The route table.</summary>
    public IEnumerable<ArmOperation> Operations =>
    [
        new("VirtualMachineSizes_List", "GET", Patterns.Location + "/vmSizes", Actions.VirtualMachineSizesRead, VirtualMachineSizes_List),
    ];

    private Task<ArmResult> VirtualMachineSizes_List(ArmRequest request) => Task.FromResult(ArmResult.Ok(sizes.ToListBody()));
}
