using Carrel.Instances.Specs;
using Shouldly;
using Xunit;

namespace Carrel.Instances.Tests.Specs;

/// <summary>Which texts are subnet ids, and where a subnet lies (contract 14).</summary>
public sealed class NetworkValidationTests
{
    private const string Network = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/";

    [Theory(DisplayName = "14.T11 A subnet id never seen before is accepted")]
    [InlineData(Network + "v/subnets/default")]
    [InlineData("/SUBSCRIPTIONS/6F1B/RESOURCEGROUPS/Team_(1).a/PROVIDERS/MICROSOFT.NETWORK/VIRTUALNETWORKS/Hub-1/SUBNETS/a.b_c-d_")]
    [InlineData("/subscriptions/s/resourceGroups/Grüße/providers/Microsoft.Network/virtualNetworks/v/subnets/s")]
    public void A_full_subnet_id_is_accepted_and_kept_as_sent(string id) =>
        Samples.Model($$$$"""{"subnet":{"id":"{{{{id}}}}"}}""").SubnetId.ShouldBe(id);

    [Theory(DisplayName = "14.T11 What is no subnet id is InvalidSubnet")]
    [InlineData("test-subnet")]
    [InlineData("test-subnet-resource-id")]
    [InlineData("/")]
    [InlineData(Network + "v/subnets/")]
    [InlineData(Network + "v/subnets/default/")]
    [InlineData(Network + "v/subnets/default\\n")]
    [InlineData(Network + "v/subnets/a b")]
    [InlineData(Network + "v/subnets/-a")]
    [InlineData(Network + "v/subnets/a-")]
    [InlineData(Network + "v/subnets/größe")]
    [InlineData(Network + "v/subnets/..")]
    [InlineData(Network + "v/subnets/%2e")]
    [InlineData(Network + "v")]
    [InlineData(Network + "/subnets/default")]
    [InlineData("/subscriptions//resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/d")]
    [InlineData("subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/d")]
    [InlineData("/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualNetworks/v/subnets/d")]
    public void What_is_no_subnet_id_is_refused(string id) =>
        Samples.Problems($$$$"""{"subnet":{"id":"{{{{id}}}}"}}""").ShouldBe([(FindingCodes.InvalidSubnet, "properties.properties.subnet.id")]);

    [Fact]
    public void A_name_of_a_million_letters_is_refused_at_once() =>
        Samples.Problems($$$$"""{"subnet":{"id":"{{{{Network + new string('a', 1_000_000)}}}}/subnets/d"}}""").ShouldBe([(FindingCodes.InvalidSubnet, "properties.properties.subnet.id")]);

    [Fact(DisplayName = "14.T2 A subnet in another region is InvalidSubnet")]
    public void A_subnet_that_is_used_in_another_region_is_refused()
    {
        const string Body = "{\"subnet\":{\"id\":\"" + Network + "v/subnets/default\"}}";
        Samples.Problems(Body, Samples.Context() with { SubnetLocation = _ => "westus" }).ShouldBe([(FindingCodes.InvalidSubnet, "properties.properties.subnet.id")]);
        Samples.Problems(Body, Samples.Context() with { SubnetLocation = _ => "local" }).ShouldBeEmpty();
    }
}
