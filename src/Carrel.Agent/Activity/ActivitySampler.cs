using Carrel.Agent.KeepAwake;
using Carrel.Agent.Supervision;
using Carrel.Agent.Terminals;
using Carrel.AgentProtocol;

namespace Carrel.Agent.Activity;

/// <summary>Collects the raw signals of one moment. What cannot be seen makes the sample incomplete, never quiet.</summary>
internal sealed class ActivitySampler(
    AgentOptions options, JupyterClient jupyter, ServiceSupervisor supervisor, KeptProcesses kept, ProcessorLoad processor, GpuLoad gpu, OwnOutput own,
    TimeProvider time)
{
    /// <summary>Takes a sample.</summary>
    public async Task<MachineActivity> SampleAsync(CancellationToken cancellation)
    {
        var asking = jupyter.KernelsAsync(cancellation);
        var measuring = gpu.PercentAsync(cancellation);
        var terminals = await jupyter.TerminalsAsync(cancellation);
        var kernels = await asking;
        var processes = ProcessTable.Read(options.ProcessFolder);
        return Describe(kernels, terminals, processes, supervisor.ProcessOf(AgentContract.Jupyter)) with
        {
            KeptProcesses = kept.Living(processes),
            ProcessorPercent = processor.Percent(),
            GpuPercent = await measuring,
        };
    }

    private MachineActivity Describe(List<JupyterKernel>? kernels, List<JupyterTerminal>? terminals, ProcessTable processes, int? server)
    {
        var shells = server is { } id ? processes.ShellsOf(id) : [];
        var running = shells.Select(processes.HasRunningChild).ToList();

        // Jupyter lists terminals, and starts their shells, in the same order. When the numbers differ (one is just opening or closing),
        // nobody knows whose shell is whose: a command in any of them counts for all, and the next sample is better.
        var matched = terminals is not null && terminals.Count == shells.Count;
        var reason = kernels is null || terminals is null ? "Jupyter does not answer."
            : kernels.Count > AgentContract.MostEntries || terminals.Count > AgentContract.MostEntries ? "There are too many kernels or terminals."
            : !matched ? "The shells of the terminals cannot be told apart just now."
            : null;
        return new MachineActivity(
            time.GetUtcNow(),
            reason is null,
            reason,
            [.. (kernels ?? []).Take(AgentContract.MostEntries).Select(Kernel)],
            [.. (terminals ?? []).Take(AgentContract.MostEntries).Select((terminal, index) => new TerminalActivity(
                Short(terminal.Name), own.LastActivity(terminal), matched ? running[index] : running.Contains(true)))],
            processes.SecureShellSessions(options.UserId));
    }

    private static KernelActivity Kernel(JupyterKernel kernel) =>
        new(Short(kernel.Id), Short(kernel.Name), Short(kernel.ExecutionState), kernel.LastActivity, Math.Max(0, kernel.Connections));

    private static string Short(string text) => text.Length <= AgentContract.LongestText ? text : text[..AgentContract.LongestText];
}
