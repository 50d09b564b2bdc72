using System.Text.Json.Nodes;
using Carrel.TestKit.Servers;
using Shouldly;
using Xunit;

namespace Carrel.Server.Tests.Machines;

/// <summary>Subnets, root access and images on real machines (contract 14).</summary>
public sealed class NetworkAndImageTests : IAsyncLifetime
{
    private const string OldVersion = "26.11.01";
    private const string NewVersion = "26.12.01";

    private readonly string _image = $"carrel-test-images:{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}";
    private readonly List<string> _published = [];

    public async ValueTask InitializeAsync() => await PublishAsync(OldVersion);

    public async ValueTask DisposeAsync()
    {
        foreach (string image in _published)
            await DockerObjects.RunAsync("rmi", "--force", image);
    }

    [Fact(DisplayName = "14.T3 (sudo), 14.T5, 14.T6, 14.T11 Two instances of one subnet share its network and reach no sibling; without root access there is no sudo; only a new machine has the new image")]
    public async Task Instances_of_a_subnet_share_a_network_obey_their_root_switch_and_keep_their_image()
    {
        await using RunningCarrel carrel = await RunningCarrel.StartAsync(settings: new Dictionary<string, string> { ["CARREL_IMAGE"] = _image });
        using ArmClient arm = await ArmClient.SignInAsync(carrel);
        string annex = carrel.Workspace[..carrel.Workspace.LastIndexOf('/')] + "/annex";
        await arm.WaitAsync(await arm.SendAsync(HttpMethod.Put, annex, """{"location":"local"}"""));
        string subnet = $$"""
            "subnet":{"id":"/subscriptions/{{carrel.Client["CARREL_SUBSCRIPTION"]}}/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/hub/subnets/desks"},"enableNodePublicIp":false
            """;

        JsonNode one = await CreateAsync(arm, carrel.Workspace + "/computes/sub-one", subnet + ",\"enableRootAccess\":false");
        string first = (await DockerObjects.OfAsync(carrel.Installation)).Containers.Single();
        JsonNode two = await CreateAsync(arm, annex + "/computes/sub-two", subnet);
        string second = (await DockerObjects.OfAsync(carrel.Installation)).Containers.Single(container => container != first);
        JsonNode plain = await CreateAsync(arm, carrel.Workspace + "/computes/plain-three", "\"enableSSO\":true");

        (Network(one), one["connectivityEndpoints"]!["publicIpAddress"]).ShouldBe((Network(two), null));
        Network(plain).ShouldNotBe(Network(one));
        string sibling = Address(two);
        (await DockerObjects.ExecuteAsync(second, Reach(sibling))).ShouldBe("open", "its own port answers");
        (await DockerObjects.ExecuteAsync(first, Reach(sibling))).ShouldBe("closed", "in one subnet, over workspaces");

        (await DockerObjects.ExecuteAsync(first, "sudo -n true 2>/dev/null && echo root || echo refused; id -nG")).ShouldBe("refused\nazureuser");
        (await DockerObjects.ExecuteAsync(second, "sudo -n id -u")).ShouldBe("0");

        Image(one).ShouldBe((OldVersion, OldVersion, true));
        await PublishAsync(NewVersion);
        await arm.WaitAsync(await arm.SendAsync(HttpMethod.Post, carrel.Workspace + "/computes/sub-one/restart"));
        Image(await InnerAsync(arm, carrel.Workspace + "/computes/sub-one")).ShouldBe((OldVersion, NewVersion, false));
        await arm.WaitAsync(await arm.SendAsync(HttpMethod.Delete, carrel.Workspace + "/computes/plain-three"));
        Image(await CreateAsync(arm, carrel.Workspace + "/computes/plain-three", "\"enableSSO\":true")).ShouldBe((NewVersion, NewVersion, true));

        (await DockerObjects.OfAsync(carrel.Installation)).Networks.Count.ShouldBe(2);
        await arm.WaitAsync(await arm.SendAsync(HttpMethod.Delete, carrel.Workspace + "/computes/sub-one"));
        (await DockerObjects.OfAsync(carrel.Installation)).Networks.Count.ShouldBe(2, "the other instance uses it");
        await arm.WaitAsync(await arm.SendAsync(HttpMethod.Delete, annex + "/computes/sub-two"));
        (await DockerObjects.OfAsync(carrel.Installation)).Networks.Count.ShouldBe(1, "nobody names the subnet any more");
    }

    // The workstation image of the test run with another version label, under a name of this test's own.
    private async Task PublishAsync(string version)
    {
        (int code, string container) = await DockerObjects.RunAsync("create", "--label", "carrel.test=images", TestSettings.Image);
        code.ShouldBe(0, container);
        (code, string image) = await DockerObjects.RunAsync("commit", "--change", $"LABEL carrel.image.version={version}", container.Trim(), _image);
        await DockerObjects.RunAsync("rm", container.Trim());
        code.ShouldBe(0, image);
        _published.Add(image.Trim());
    }

    private static async Task<JsonNode> CreateAsync(ArmClient arm, string path, string inner)
    {
        await arm.WaitAsync(await arm.SendAsync(
            HttpMethod.Put, path, $$$$"""{"properties":{"computeType":"ComputeInstance","properties":{"vmSize":"STANDARD_DS1_V2",{{{{inner}}}}}}}"""));
        return await InnerAsync(arm, path);
    }

    private static async Task<JsonNode> InnerAsync(ArmClient arm, string path) => (await arm.SendAsync(HttpMethod.Get, path)).Body!["properties"]!["properties"]!;

    private static (string Current, string Latest, bool IsLatest) Image(JsonNode inner) => (
        inner["osImageMetadata"]!["currentImageVersion"]!.GetValue<string>(),
        inner["osImageMetadata"]!["latestImageVersion"]!.GetValue<string>(),
        inner["osImageMetadata"]!["isLatestOsImageVersion"]!.GetValue<bool>());

    private static string Address(JsonNode inner) => inner["connectivityEndpoints"]!["privateIpAddress"]!.GetValue<string>();

    // The /24.
    private static string Network(JsonNode inner) => Address(inner)[..Address(inner).LastIndexOf('.')];

    // The agent's port, which every machine has.
    private static string Reach(string address) => $"timeout 3 bash -c '</dev/tcp/{address}/8201' 2>/dev/null && echo open || echo closed";
}
