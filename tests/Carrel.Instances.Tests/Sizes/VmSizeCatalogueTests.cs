using Carrel.Instances.Sizes;
using Shouldly;
using Xunit;

namespace Carrel.Instances.Tests.Sizes;

public sealed class VmSizeCatalogueTests
{
    [Theory(DisplayName = "10.T8 Sizes are found in any case")]
    [InlineData("STANDARD_D3_V2")]
    [InlineData("standard_d3_v2")]
    [InlineData("Standard_D3_v2")]
    public void Sizes_are_found_in_any_case(string name)
    {
        var size = VmSizeCatalogue.Default.Find(name)!;
        size.Family.ShouldBe("standardDv2Family");
        size.VCpus.ShouldBe(4);
    }

    [Fact]
    public void An_unknown_size_is_not_found() => VmSizeCatalogue.Default.Find("Standard_Nothing").ShouldBeNull();

    [Fact]
    public void Every_size_belongs_to_a_known_family() =>
        VmSizeCatalogue.Default.Sizes.ShouldAllBe(size => VmSizeCatalogue.Default.FindFamily(size.Family) != null);

    [Fact(DisplayName = "10.T7 and 10.T14 The list of sizes has the published shape")]
    public void The_list_has_the_published_shape()
    {
        var rows = VmSizeCatalogue.Default.ToListBody()["value"]!.AsArray();
        rows.Count.ShouldBe(VmSizeCatalogue.Default.Sizes.Count);
        rows.ShouldAllBe(row => row!["supportedComputeTypes"]!.AsArray().Count > 0);
        var row = rows.Single(r => (string)r!["name"]! == "Standard_DS3_v2")!;
        ((int)row["vCPUs"]!).ShouldBe(4);
        ((double)row["memoryGB"]!).ShouldBe(14);
        ((int)row["gpus"]!).ShouldBe(0);
        ((int)row["maxResourceVolumeMB"]!).ShouldBe(28672);
        row["supportedComputeTypes"]!.AsArray().Select(t => (string)t!).ShouldContain("ComputeInstance");
    }

    [Fact]
    public void Memory_and_temporary_disk_are_given_in_bytes()
    {
        var size = VmSizeCatalogue.Default.Find("Standard_DS3_v2")!;
        size.MemoryBytes.ShouldBe(14L * 1024 * 1024 * 1024);
        size.TemporaryDiskBytes.ShouldBe(28672L * 1024 * 1024);
    }
}
