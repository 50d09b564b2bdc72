using System.Text.Json.Nodes;
using Carrel.TestKit.Servers;
using Shouldly;
using Xunit;

namespace Carrel.Server.Tests.Machines;

/// <summary>What stays and what goes (contract 12.2, statements 12.T1 to T4 as far as machines go).</summary>
public sealed class DiskTests
{
    private const string OwnFolder = "$HOME/cloudfiles/code/Users/$(ls $HOME/cloudfiles/code/Users)";

    [Fact]
    public async Task Statement_12_T4_files_survive_a_stop_on_the_disk_and_the_share_and_not_in_mnt()
    {
        await using RunningCarrel carrel = await RunningCarrel.StartAsync();
        using ArmClient arm = await ArmClient.SignInAsync(carrel);
        string path = carrel.Workspace + "/computes/disk-one";
        await arm.CreateInstanceAsync(path);
        string first = (await DockerObjects.OfAsync(carrel.Installation)).Containers.Single();
        await DockerObjects.ExecuteAsync(first, $"echo private > $HOME/kept && echo passing > /mnt/passing && echo shared > {OwnFolder}/shared.txt");

        await arm.WaitAsync(await arm.SendAsync(HttpMethod.Post, path + "/stop"));
        await arm.WaitAsync(await arm.SendAsync(HttpMethod.Post, path + "/start"));

        (await DockerObjects.ExecuteAsync(first, "cat $HOME/kept")).ShouldBe("private");
        (await DockerObjects.ExecuteAsync(first, "ls /mnt/passing 2>/dev/null || echo gone")).ShouldBe("gone");

        JsonObject second = await arm.CreateInstanceAsync(carrel.Workspace + "/computes/disk-two");
        second["name"]!.GetValue<string>().ShouldBe("disk-two");
        string other = (await DockerObjects.OfAsync(carrel.Installation)).Containers.Single(container => container != first);
        (await DockerObjects.ExecuteAsync(other, $"cat {OwnFolder}/shared.txt")).ShouldBe("shared");
        (await DockerObjects.ExecuteAsync(other, "ls $HOME/kept 2>/dev/null || echo absent")).ShouldBe("absent", "the private disk is private");
        (await DockerObjects.ExecuteAsync(other, $"cat /mnt/batch/tasks/shared/LS_root/mounts/clusters/disk-two/code/Users/*/shared.txt"))
            .ShouldBe("shared", "12.T2: the same files under the path of setup scripts");

        await arm.WaitAsync(await arm.SendAsync(HttpMethod.Delete, path));
        (await DockerObjects.ExecuteAsync(other, $"cat {OwnFolder}/shared.txt")).ShouldBe("shared", "12.T3: deleting an instance leaves the share");
    }
}
