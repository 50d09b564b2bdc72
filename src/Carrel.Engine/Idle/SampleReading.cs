using Carrel.AgentProtocol;
using Carrel.Instances.Idle;
using NodaTime;

namespace Carrel.Engine.Idle;

/// <summary>Turns what an agent said into the rule's terms. Pure but for the clock's rate.</summary>
internal static class SampleReading
{
    /// <summary>The sample.</summary>
    /// <param name="said">What the agent said, checked.</param>
    /// <param name="heardAt">When it was heard.</param>
    /// <param name="clock">Moves the machine's times to the server's.</param>
    internal static ActivitySample Of(MachineActivity said, Instant heardAt, ActivityClock clock)
    {
        Instant At(DateTimeOffset at) => clock.Heard(at, said.SampledAt, heardAt);
        return new ActivitySample(heardAt, said.Complete, said.Reason)
        {
            Kernels = [.. said.Kernels.Select(kernel => new KernelSample(kernel.Id, kernel.Name, kernel.ExecutionState, At(kernel.LastActivity), kernel.Connections))],
            Terminals = [.. said.Terminals.Select(terminal => new TerminalSample(terminal.Name, At(terminal.LastActivity), terminal.HasRunningChild))],
            Jobs = [.. said.Jobs.Select(job => new JobSample(job.Id, job.Status))],
            Editors = [.. said.Editors.Select(editor => new EditorSample(editor.Id, At(editor.LastActivity)))],
            Applications = [.. said.Applications.Select(application => new ApplicationSample(application.Name, application.Running))],
            KeptProcesses = [.. said.KeptProcesses.Select(process => new KeptProcessSample(process.Id, process.Name, At(process.Since)))],
            SecureShellSessions = said.SshSessions,
            ProcessorPercent = said.ProcessorPercent,
            GpuPercent = said.GpuPercent,
        };
    }
}
