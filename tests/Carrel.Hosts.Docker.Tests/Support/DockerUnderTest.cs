using Carrel.Instances.Hosting;
using Carrel.TestKit.Hosting;

namespace Carrel.Hosts.Docker.Tests.Support;

/// <summary>An installation on the real engine; looks into machines with the engine's own command line.</summary>
public sealed class DockerUnderTest(TestRun run, Func<DockerHostOptions, DockerHostOptions>? change = null) : HostUnderTest, IAsyncDisposable
{
    public DockerHostOptions Options { get; } = change is null ? run.NewOptions() : change(run.NewOptions());

    public override IInstanceHost Host => Docker;

    public DockerInstanceHost Docker => field ??= TestRun.HostOf(Options);

    public override string ShareFolder { get; } = run.NewShare();

    public async ValueTask DisposeAsync()
    {
        await Docker.PurgeAsync(CancellationToken.None);
        Docker.Dispose();
    }

    /// <summary>A machine that runs, in a network of its own unless one is given.</summary>
    public async Task<(MachineSpec Spec, string Address)> RunAsync(NetworkSpec? network = null, string name = "desk", Func<MachineSpec, MachineSpec>? change = null)
    {
        var spec = Spec(network ?? Network(), name);
        spec = change is null ? spec : change(spec);
        await Docker.EnsureMachineAsync(spec, CancellationToken.None);
        return (spec, (await Docker.StartMachineAsync(spec.Id, CancellationToken.None)).Address!);
    }

    public override Task LeaveDiskOnlyAsync(MachineSpec machine) => Docker.Machines.MakeDiskAsync(machine, CancellationToken.None);

    public override Task LeaveWithoutSecretAsync(MachineSpec machine) => Docker.Machines.MakeContainerAsync(machine, CancellationToken.None);

    public override async Task WriteHomeAsync(Guid machineId, string name, string content) =>
        _ = (await RunInsideAsync(machineId, $"printf %s '{content}' > /home/azureuser/{name}")).Text;

    public override async Task<string?> ReadHomeAsync(Guid machineId, string name)
    {
        var result = await RunInsideAsync(machineId, $"cat /home/azureuser/{name}");
        return result.ExitCode == 0 ? result.Output : null;
    }

    public override async Task<string> DescribeAsync(Guid machineId)
    {
        var container = await ContainerAsync(machineId);
        var inspected = await Command.RunAsync("docker", "inspect", container);
        var processes = await Command.RunAsync("docker", "top", container, "-eo", "pid,args");
        var volumes = await Command.RunAsync("docker", "volume", "ls", "--filter", $"label=carrel.machine={machineId}", "--format", "{{json .}}");
        var logs = await Command.RunAsync("docker", "logs", container);
        return inspected.Text + processes.Text + volumes.Text + logs.Text;
    }

    internal static async Task<string> ContainerAsync(Guid machineId) =>
        (await Command.RunAsync("docker", "ps", "--all", "--quiet", "--filter", $"label=carrel.machine={machineId}")).Text;

    /// <summary>Runs a shell line as the machine's user, or as root.</summary>
    internal static async Task<Command.Result> RunInsideAsync(Guid machineId, string line, bool root = false) =>
        await Command.RunAsync("docker", "exec", "--user", root ? "0" : "1000", await ContainerAsync(machineId), "sh", "-c", line);
}
