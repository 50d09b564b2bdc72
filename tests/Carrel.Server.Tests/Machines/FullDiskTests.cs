using System.Diagnostics;
using System.Text.Json.Nodes;
using Carrel.TestKit.Servers;
using Shouldly;
using Xunit;

namespace Carrel.Server.Tests.Machines;

/// <summary>
/// The disk rule of contract 1.4 on a real machine: its home lies on a memory file system of 40 MiB without a free byte.
/// </summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task A_machine_with_a_full_disk_comes_up_in_rescue_mode_stops_and_is_deleted()
    {
        await using RunningCarrel carrel = await RunningCarrel.StartAsync();
        using ArmClient arm = await ArmClient.SignInAsync(carrel);
        string path = carrel.Workspace + "/computes/full-disk";
        JsonObject instance = await arm.CreateInstanceAsync(path);
        instance["properties"]!["properties"]!["errors"].ShouldBeNull();
        await arm.WaitAsync(await arm.SendAsync(HttpMethod.Post, path + "/stop"));

        string home = await HomeOnTheHostAsync(carrel);
        Run("mount", "-t", "tmpfs", "-o", "size=40m,mode=0755", "tmpfs", home);
        try
        {
            Fill(home);
            await arm.WaitAsync(await arm.SendAsync(HttpMethod.Post, path + "/start"));
            JsonNode state = (await arm.SendAsync(HttpMethod.Get, path)).Body!["properties"]!["properties"]!;
            state["state"]!.GetValue<string>().ShouldBe("Running");
            state["errors"]!.AsArray().Single()!["error"]!["code"]!.GetValue<string>().ShouldBe("DiskFull");

            await TerminalAndFilesWorkAsync(state);
            await NoKernelStartsAsync(state);

            // Deleted where they were found, the machine is whole again after a restart.
            File.Delete(Path.Combine(home, "filling"));
            (await StartedKernelAsync(state)).ShouldBeFalse("the boot has decided");
            Fill(home);
            await arm.WaitAsync(await arm.SendAsync(HttpMethod.Post, path + "/stop"));
            (await arm.SendAsync(HttpMethod.Get, path)).Body!["properties"]!["properties"]!["state"]!.GetValue<string>().ShouldBe("Stopped");

            await arm.WaitAsync(await arm.SendAsync(HttpMethod.Post, path + "/start"));
            await arm.WaitAsync(await arm.SendAsync(HttpMethod.Post, path + "/stop"));
        }
        finally
        {
            Run("umount", "--lazy", home);
        }

        await arm.WaitAsync(await arm.SendAsync(HttpMethod.Delete, path));
        (await DockerObjects.OfAsync(carrel.Installation)).Containers.ShouldBeEmpty();

        async Task TerminalAndFilesWorkAsync(JsonNode running)
        {
            using HttpClient http = Client(running);
            using HttpResponseMessage terminal = await http.PostAsync("api/terminals", null);
            terminal.IsSuccessStatusCode.ShouldBeTrue(await terminal.Content.ReadAsStringAsync());
            JsonNode folder = JsonNode.Parse(await http.GetStringAsync("api/contents/"))!;
            folder["content"]!.AsArray().Select(entry => entry!["name"]!.GetValue<string>()).ShouldContain("filling", "what fills the disk can be found and deleted");
            (await http.GetAsync("lab")).IsSuccessStatusCode.ShouldBeTrue();
        }

        async Task NoKernelStartsAsync(JsonNode running)
        {
            using HttpClient http = Client(running);
            JsonNode specs = JsonNode.Parse(await http.GetStringAsync("api/kernelspecs"))!;
            specs["kernelspecs"]!.AsObject().ShouldBeEmpty();
            (await StartedKernelAsync(running)).ShouldBeFalse();
        }

        async Task<bool> StartedKernelAsync(JsonNode running)
        {
            using HttpClient http = Client(running);
            using HttpResponseMessage kernel = await http.PostAsync("api/kernels", new StringContent("{\"name\":\"python3\"}"));
            return kernel.IsSuccessStatusCode;
        }

        HttpClient Client(JsonNode running)
        {
            string link = running["applications"]!.AsArray().Single(row => row!["displayName"]!.GetValue<string>() == "Jupyter Lab")!["endpointUri"]!.GetValue<string>();
            HttpClient http = carrel.CreateClient(arm.Token);
            http.BaseAddress = new Uri(new Uri(link), "/");
            return http;
        }
    }

    private static async Task<string> HomeOnTheHostAsync(RunningCarrel carrel)
    {
        string container = (await DockerObjects.OfAsync(carrel.Installation)).Containers.Single();
        (int code, string mounts) = await DockerObjects.RunAsync("inspect", "--format", "{{json .Mounts}}", container);
        code.ShouldBe(0, mounts);
        return JsonNode.Parse(mounts)!.AsArray().Single(mount => mount!["Destination"]!.GetValue<string>() == "/home/azureuser")!["Source"]!.GetValue<string>();
    }

    private static void Fill(string folder)
    {
        using var file = new FileStream(Path.Combine(folder, "filling"), FileMode.Append);
        byte[] block = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(block);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', arguments)} needs root");
    }
}
