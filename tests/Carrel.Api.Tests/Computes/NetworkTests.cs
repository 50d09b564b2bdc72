using System.Text.Json.Nodes;
using Carrel.Api.Tests.Support;

namespace Carrel.Api.Tests.Computes;

/// <summary>Subnets and public addresses as clients see them (contract 14).</summary>
public sealed class NetworkTests
{
    private const string Subnet = ",\"subnet\":{\"id\":\"" + ApiUnderTest.Subscription + "/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/hub/subnets/desks\"}";
    private const string NoPublicIp = ",\"enableNodePublicIp\":false";

    [Fact(DisplayName = "14.T1 No public address needs a private link, a managed network or a subnet, and then there is none")]
    public async Task No_public_address_needs_a_private_link_a_managed_network_or_a_subnet()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        Answer refused = await api.PutAsync(ApiUnderTest.Compute("desk"), ApiUnderTest.InstanceBody(inner: NoPublicIp));
        (refused.Status, refused.Code, refused.Target).ShouldBe((400, "NoPublicIpRequiresPrivateLink", "properties.properties.enableNodePublicIp"));

        JsonNode instance = await api.RunningAsync("desk", ApiUnderTest.InstanceBody(inner: NoPublicIp + Subnet));
        JsonNode endpoints = instance["properties"]!["properties"]!["connectivityEndpoints"]!;
        endpoints.AsObject().ContainsKey("publicIpAddress").ShouldBeTrue();
        endpoints["publicIpAddress"].ShouldBeNull();
        endpoints["privateIpAddress"]!.GetValue<string>().ShouldNotBeEmpty();

        foreach ((string name, string properties) in ((string, string)[])[("linked", "\"privateLink\":true"), ("managed", "\"managedNetwork\":{\"isolationMode\":\"AllowInternetOutbound\"}")])
        {
            (await api.PutAsync($"{ApiUnderTest.Workspaces}/{name}", $"{{\"location\":\"local\",\"properties\":{{{properties}}}}}")).Status.ShouldBe(201);
            Answer put = await api.PutAsync($"{ApiUnderTest.Workspaces}/{name}/computes/{name}-desk", ApiUnderTest.InstanceBody(inner: NoPublicIp));
            put.Status.ShouldBe(201, put.Text);
        }

        (await api.PutAsync($"{ApiUnderTest.Workspaces}/open", "{\"location\":\"local\",\"properties\":{\"managedNetwork\":{\"isolationMode\":\"Disabled\"}}}")).Status.ShouldBe(201);
        (await api.PutAsync($"{ApiUnderTest.Workspaces}/open/computes/open-desk", ApiUnderTest.InstanceBody(inner: NoPublicIp))).Code.ShouldBe("NoPublicIpRequiresPrivateLink");
    }

    [Fact(DisplayName = "14.T2 and 14.T11 A subnet of another region and a text that is no subnet id are InvalidSubnet")]
    public async Task A_subnet_of_another_region_and_a_text_that_is_no_id_are_InvalidSubnet()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.RunningAsync("desk", ApiUnderTest.InstanceBody(inner: Subnet));
        (await api.PutAsync(ApiUnderTest.Workspaces + "/west", "{\"location\":\"westus\"}")).Status.ShouldBe(201);
        foreach ((string path, string inner) in ((string, string)[])[(ApiUnderTest.Workspaces + "/west/computes/chair", Subnet), (ApiUnderTest.Compute("chair"), ",\"subnet\":{\"id\":\"test-subnet\"}")])
        {
            Answer refused = await api.PutAsync(path, ApiUnderTest.InstanceBody(inner: inner));
            (refused.Status, refused.Code, refused.Target).ShouldBe((400, "InvalidSubnet", "properties.properties.subnet.id"));
            (await api.GetAsync(path)).Status.ShouldBe(404);
        }
    }

    [Theory(DisplayName = "14 A workspace whose storage refuses keys refuses creation, not updates")]
    [InlineData("false")]
    [InlineData("\"False\"")]
    public async Task A_workspace_whose_storage_refuses_keys_refuses_creation(string refusal)
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        string workspace = ApiUnderTest.Workspaces + "/keyless";
        (await api.PutAsync(workspace, "{\"location\":\"local\",\"properties\":{\"allowSharedKeyAccess\":true}}")).Status.ShouldBe(201);
        await api.EndAsync(await api.PutAsync(workspace + "/computes/early", ApiUnderTest.InstanceBody()));
        (await api.SendAsync("PATCH", workspace, $"{{\"properties\":{{\"allowSharedKeyAccess\":{refusal}}}}}")).Status.ShouldBe(200);

        Answer refused = await api.PutAsync(workspace + "/computes/late", ApiUnderTest.InstanceBody());
        (refused.Status, refused.Code, refused.Target).ShouldBe((400, "StorageKeyAccessDisabled", "workspace.properties.allowSharedKeyAccess"));
        (await api.GetAsync(workspace + "/computes/late")).Status.ShouldBe(404);
        (await api.SendAsync("PATCH", workspace + "/computes/early", "{\"tags\":{\"a\":\"b\"}}")).Status.ShouldBe(200);
    }
}
