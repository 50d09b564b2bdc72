using System.Text.Json.Nodes;
using Carrel.TestKit.Servers;
using Shouldly;
using Xunit;

namespace Carrel.Server.Tests.Machines;

/// <summary>A reimage on a real machine.</summary>
public sealed class ReimageTests
{
    private const string OwnFolder = "$HOME/cloudfiles/code/Users/$(ls $HOME/cloudfiles/code/Users)";

    [Fact(DisplayName = "14.T8 A reimage keeps id, principalId, schedules and the share's files, and loses /home/azureuser/local")]
    public async Task A_reimage_keeps_the_instance_and_loses_its_private_disk()
    {
        await using RunningCarrel carrel = await RunningCarrel.StartAsync();
        using ArmClient arm = await ArmClient.SignInAsync(carrel);
        string path = carrel.Workspace + "/computes/fresh-one";
        JsonNode body = JsonNode.Parse(ArmClient.InstanceBody())!;
        body["identity"] = new JsonObject { ["type"] = "SystemAssigned" };
        body["properties"]!["properties"]!["schedules"] = JsonNode.Parse(
            """{"computeStartStop":[{"action":"Stop","triggerType":"Cron","cron":{"expression":"0 18 * * *","timeZone":"UTC"}}]}""");
        await arm.WaitAsync(await arm.SendAsync(HttpMethod.Put, path, body.ToJsonString()));
        JsonNode before = (await arm.SendAsync(HttpMethod.Get, path)).Body!;
        string old = (await DockerObjects.OfAsync(carrel.Installation)).Containers.Single();
        await DockerObjects.ExecuteAsync(old, $"mkdir -p /home/azureuser/local && echo private > /home/azureuser/local/file && echo shared > {OwnFolder}/shared.txt && sudo touch /etc/mine");

        ArmAnswer accepted = await arm.SendAsync(HttpMethod.Post, path + "/reimage");
        ((int)accepted.Status, accepted.Body).ShouldBe((202, null));
        await arm.WaitAsync(accepted);

        string fresh = (await DockerObjects.OfAsync(carrel.Installation)).Containers.Single();
        fresh.ShouldNotBe(old);
        (await DockerObjects.ExecuteAsync(fresh, "ls -d /home/azureuser/local /etc/mine 2>/dev/null || echo gone")).ShouldBe("gone");
        (await DockerObjects.ExecuteAsync(fresh, $"cat {OwnFolder}/shared.txt")).ShouldBe("shared");
        JsonNode after = (await arm.SendAsync(HttpMethod.Get, path)).Body!;
        foreach (string member in new[] { "id", "identity", "tags", "systemData" })
            after[member]!.ToJsonString().ShouldBe(before[member]!.ToJsonString());
        JsonNode inner = after["properties"]!["properties"]!;
        inner["schedules"]!.ToJsonString().ShouldBe(before["properties"]!["properties"]!["schedules"]!.ToJsonString());
        inner["state"]!.GetValue<string>().ShouldBe("Running");
        inner["lastOperation"]!["operationName"]!.GetValue<string>().ShouldBe("Reimage");

        // Stopped stays stopped, and the machine that the next start brings up is a fresh one too.
        await DockerObjects.ExecuteAsync(fresh, "echo again > /home/azureuser/again");
        await arm.WaitAsync(await arm.SendAsync(HttpMethod.Post, path + "/stop"));
        await arm.WaitAsync(await arm.SendAsync(HttpMethod.Post, path + "/reimage"));
        (await arm.SendAsync(HttpMethod.Get, path)).Body!["properties"]!["properties"]!["state"]!.GetValue<string>().ShouldBe("Stopped");
        await arm.WaitAsync(await arm.SendAsync(HttpMethod.Post, path + "/start"));
        string third = (await DockerObjects.OfAsync(carrel.Installation)).Containers.Single();
        (await DockerObjects.ExecuteAsync(third, "ls /home/azureuser/again 2>/dev/null || echo gone")).ShouldBe("gone");
    }
}
