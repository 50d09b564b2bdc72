using System.Text;
using Carrel.Instances.Sizes;
using Shouldly;
using Xunit;

namespace Carrel.Instances.Tests.Sizes;

/// <summary>An operator's price list.</summary>
public sealed class PriceListTests
{
    [Fact]
    public void Prices_stand_in_the_list_and_sizes_without_one_have_none()
    {
        var sizes = VmSizeCatalogue.Default.WithPrices(Read("\uFEFF{ // ours\n \"standard_ds3_V2\": 0.12,\n \"Standard_DS4_v2\": {\"standard\": 1, \"Spot\": 0.25}, }"));
        var rows = sizes.ToListBody()["value"]!.AsArray().ToDictionary(row => (string)row!["name"]!, row => row!["estimatedVMPrices"]!.ToJsonString());
        rows["Standard_DS3_v2"].ShouldBe("""{"billingCurrency":"USD","unitOfMeasure":"OneHour","values":[{"retailPrice":0.12,"osType":"Linux","vmTier":"Standard"}]}""");
        rows["Standard_DS4_v2"].ShouldContain("""{"retailPrice":0.25,"osType":"Linux","vmTier":"Spot"}""");
        rows.Values.Count(prices => prices.EndsWith("\"values\":[]}", StringComparison.Ordinal)).ShouldBe(rows.Count - 2);
        sizes.Find("STANDARD_DS3_V2")!.VCpus.ShouldBe(4);
        VmSizeCatalogue.Default.ToListBody()["value"]![0]!["estimatedVMPrices"]!["values"]!.AsArray().ShouldNotBeEmpty("the product's own catalogue stays");
    }

    [Theory]
    [InlineData("", 1, "JSON")]
    [InlineData("{\n\"Standard_DS3_v2\": 0.1", 2, "JSON")]
    [InlineData("{\n\"Standard_DS3_v2\": 0.1}\n}", 3, "JSON")]
    [InlineData("[]", 1, "object")]
    [InlineData("7", 1, "object")]
    [InlineData("{\n\n\"Standard_Größe\": 1}", 3, "Standard_Größe")]
    [InlineData("{\"Standard_DS3_v2\": 1,\n\"STANDARD_DS3_V2\": 2}", 2, "already")]
    [InlineData("{\n\"Standard_DS3_v2\": \"0.1\"}", 2, "number")]
    [InlineData("{\n\"Standard_DS3_v2\":\n-1}", 3, "number")]
    [InlineData("{\"Standard_DS3_v2\": 1e300}", 1, "number")]
    [InlineData("{\"Standard_DS3_v2\": null}", 1, "number")]
    [InlineData("{\"Standard_DS3_v2\": [1]}", 1, "number")]
    [InlineData("{\"Standard_DS3_v2\": {\n\"Premium\": 1}}", 2, "Standard, LowPriority, Spot")]
    [InlineData("{\"Standard_DS3_v2\": {\"Spot\": 1,\n\"spot\": 1}}", 2, "already")]
    public void A_mistake_is_told_with_its_line_and_remedy(string json, int line, string words)
    {
        var fault = Should.Throw<PriceListException>(() => Read(json));
        (fault.Line, fault.Message).ShouldSatisfyAllConditions(
            told => told.Line.ShouldBe(line),
            told => told.Message.ShouldContain(words));
    }

    private static PriceList Read(string json) => PriceList.Read(Encoding.UTF8.GetBytes(json), VmSizeCatalogue.Default);
}
