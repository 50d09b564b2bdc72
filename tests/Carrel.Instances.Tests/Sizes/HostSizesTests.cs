using Carrel.Instances.Hosting;
using Carrel.Instances.Sizes;
using Shouldly;
using Xunit;

namespace Carrel.Instances.Tests.Sizes;

/// <summary>Sizes of a host instead of Azure's.</summary>
public sealed class HostSizesTests
{
    private const long Gibibyte = 1L << 30;

    [Fact]
    public void A_host_of_six_processors_and_32_GB_has_these()
    {
        var sizes = HostSizes.Derive(new HostCapacity(6, (32 * Gibibyte) - 300_000_000));
        sizes.Sizes.Select(size => $"{size.Name} {size.VCpus} {size.MemoryGB}").ShouldBe(
        [
            "Local_C1 1 2", "Local_C2 2 4", "Local_C4 4 8", "Local_C6 6 12",
            "Local_G1 1 4", "Local_G2 2 8", "Local_G4 4 16", "Local_G6 6 24",
            "Local_M1 1 8", "Local_M2 2 16",
        ]);
        sizes.Families.Select(family => (family.Name, family.DefaultDedicatedLimit)).ShouldBe([("localComputeFamily", 24), ("localGeneralFamily", 24), ("localMemoryFamily", 24)]);
        (sizes.DefaultTotalDedicatedCores, sizes.DefaultComputeCountLimit).ShouldBe((24, 500));
    }

    [Theory]
    [InlineData(1, 0.25)]
    [InlineData(2, 2)]
    [InlineData(0.5, 16)]
    [InlineData(3, 7.7)]
    [InlineData(128, 2048)]
    public void Every_size_fits_its_host_and_there_is_always_one(double processors, double gigabytes)
    {
        var host = new HostCapacity(Math.Max(1, processors), (long)(Math.Max(0.5, gigabytes) * Gibibyte));
        var sizes = HostSizes.Derive(new HostCapacity(processors, (long)(gigabytes * Gibibyte)));
        sizes.Sizes.ShouldNotBeEmpty();
        sizes.Sizes.ShouldAllBe(size => CapacityRules.Shortfall(size.Name, size.VCpus, size.MemoryBytes, host) == null && size.SupportsInstance);
        sizes.Sizes.Select(size => size.Name).ShouldBeUnique();
        sizes.Sizes.ShouldAllBe(size => sizes.FindFamily(size.Family) != null && sizes.FindFamily(size.Family)!.DefaultDedicatedLimit >= size.VCpus);
    }

    [Fact(DisplayName = "10.T14 Every derived size has supportedComputeTypes, and no price")]
    public void Every_derived_size_is_listed_in_the_published_shape()
    {
        var published = VmSizeCatalogue.Default.ToListBody()["value"]![0]!.AsObject().Select(member => member.Key).ToList();
        foreach (var row in HostSizes.Derive(new HostCapacity(4, 16 * Gibibyte)).ToListBody()["value"]!.AsArray())
        {
            row!["supportedComputeTypes"]!.AsArray().Count.ShouldBeGreaterThan(0);
            row["estimatedVMPrices"]!["values"]!.AsArray().ShouldBeEmpty();
            row.AsObject().Select(member => member.Key).ShouldBe(published, ignoreOrder: true);
        }
    }

    [Theory]
    [InlineData(2, 8, null)]
    [InlineData(4, 8, "The size Big asks for 4 vCPUs and 8 GB of memory; the host has 2 and 8 GB.")]
    [InlineData(1, 9.5, "The size Big asks for 1 vCPUs and 9.5 GB of memory; the host has 2 and 8 GB.")]
    public void A_size_that_does_not_fit_is_told_with_both_numbers(double processors, double gigabytes, string? shortfall) =>
        CapacityRules.Shortfall("Big", processors, (long)(gigabytes * Gibibyte), new HostCapacity(2, 8 * Gibibyte)).ShouldBe(shortfall);
}
