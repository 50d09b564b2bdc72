using System.Globalization;
using NodaTime;

namespace Carrel.Instances.Idle;

/// <summary>Reads a sample into signals, active or not and since when: the definitions of contract 4.2. Pure.</summary>
public static class ActivityReading
{
    /// <summary>A terminal counts this long after its last input or output (contract 4.2).</summary>
    public static readonly Duration TerminalGrace = Duration.FromSeconds(60);

    /// <summary>A connection of VS Code counts this long after its last activity, and is then ended (contract 4.2).</summary>
    public static readonly Duration EditorLimit = Duration.FromHours(3);

    /// <summary>However long a process lives, it keeps an instance awake no longer than this.</summary>
    public static readonly Duration LongestKeepAwake = Duration.FromDays(7);

    private static readonly string[] EndedJobs = ["Completed", "Failed", "Canceled"];

    /// <summary>Every signal of a sample, those that do not count too.</summary>
    /// <param name="sample">What was seen.</param>
    /// <param name="optional">What the workspace has switched on.</param>
    /// <param name="keepAwakeUntil">Until when somebody outside asked for it to stay up, or null.</param>
    public static IReadOnlyList<ActivitySignal> Read(ActivitySample sample, OptionalSignals optional, Instant? keepAwakeUntil)
    {
        var at = sample.At;
        List<ActivitySignal> signals =
        [
            .. sample.Kernels.Select(kernel => Kernel(kernel, at)),
            .. sample.Terminals.Select(terminal => Terminal(terminal, at)),
            .. sample.Jobs.Select(job => Job(job, at)),
            .. sample.Editors.Select(editor => Editor(editor, at)),
            .. sample.Applications.Select(application => Application(application, at)),
            .. sample.KeptProcesses.Select(process => KeptProcess(process, at)),
        ];
        if (keepAwakeUntil is { } until)
        {
            signals.Add(KeepAwake(until, at));
        }

        signals.AddRange(Optional(sample, optional));
        return signals;
    }

    /// <summary>A counted signal that a complete-looking sample lacks: why the machine cannot be called idle, or null.</summary>
    public static string? Unseen(ActivitySample sample, OptionalSignals optional) =>
        !sample.Complete ? sample.Reason ?? "Something could not be seen."
        : optional.ProcessorPercent is not null && sample.ProcessorPercent is null ? "The processor load, which counts in this workspace, cannot be measured."
        : null;

    /// <summary>Connections of VS Code that have to be ended (contract 4.2).</summary>
    public static IReadOnlyList<string> ExpiredEditors(ActivitySample sample) =>
        [.. sample.Editors.Where(editor => sample.At - editor.LastActivity >= EditorLimit).Select(editor => editor.Id)];

    private static ActivitySignal Kernel(KernelSample kernel, Instant at)
    {
        var busy = Is(kernel.State, "busy");

        // Nobody ever connected to it: it has not begun, and its time stamp is only that of its making.
        var untouched = Is(kernel.State, "starting") && kernel.Connections == 0;
        Instant? last = busy ? at : untouched ? null : Earlier(kernel.LastActivity, at);
        var clients = kernel.Connections switch { 0 => "no open connection", 1 => "1 open connection", var many => Text($"{many} open connections") };
        return new ActivitySignal(
            ActivityKind.Kernel, kernel.Id, Text($"{kernel.Name} {Short(kernel.Id)}"), true, busy, last, busy ? null : last, $"{kernel.State.ToLowerInvariant()}, {clients}");
    }

    private static ActivitySignal Terminal(TerminalSample terminal, Instant at)
    {
        var last = Earlier(terminal.LastActivity, at);
        var active = terminal.HasRunningChild || at - last <= TerminalGrace;
        return new ActivitySignal(
            ActivityKind.Terminal,
            terminal.Name,
            terminal.Name,
            true,
            active,
            terminal.HasRunningChild ? at : last,
            active ? null : last + TerminalGrace,
            terminal.HasRunningChild ? "a command runs" : active ? "input or output in the last minute" : "no command, no input or output");
    }

    private static ActivitySignal Job(JobSample job, Instant at)
    {
        var ended = EndedJobs.Any(word => Is(job.Status, word));
        return new ActivitySignal(ActivityKind.Job, job.Id, job.Id, true, !ended, ended ? null : at, null, job.Status);
    }

    private static ActivitySignal Editor(EditorSample editor, Instant at)
    {
        var last = Earlier(editor.LastActivity, at);
        var active = at - last < EditorLimit;
        return new ActivitySignal(
            ActivityKind.VisualStudioCode, editor.Id, editor.Id, true, active, last, active ? null : last + EditorLimit,
            active ? "connected" : "without activity for 3 hours");
    }

    private static ActivitySignal Application(ApplicationSample application, Instant at) => new(
        ActivityKind.CustomApplication, application.Name, application.Name, true, application.Running, application.Running ? at : null, null,
        application.Running ? "running" : "not running");

    private static ActivitySignal KeptProcess(KeptProcessSample process, Instant at)
    {
        var since = Earlier(process.Since, at);
        var active = at - since < LongestKeepAwake;
        return new ActivitySignal(
            ActivityKind.KeepAwakeProcess, Text($"{process.Id}"), Text($"{process.Name} {process.Id}"), true, active, active ? at : since + LongestKeepAwake,
            active ? null : since + LongestKeepAwake, active ? "a process that was to be waited for lives" : "waited for as long as is possible, 7 days");
    }

    private static ActivitySignal KeepAwake(Instant until, Instant at) => new(
        ActivityKind.KeepAwake, "", null, true, at < until, at < until ? at : until, at < until ? null : until,
        at < until ? Text($"asked to stay up until {until}") : "was asked to stay up");

    private static IEnumerable<ActivitySignal> Optional(ActivitySample sample, OptionalSignals optional)
    {
        var connections = sample.Kernels.Sum(kernel => (long)kernel.Connections);
        yield return Measured(ActivityKind.OpenConnection, connections, optional.OpenConnections, sample.At, Text($"{connections} open"));
        yield return Measured(
            ActivityKind.SecureShell, sample.SecureShellSessions, optional.SecureShellSessions, sample.At, Text($"{sample.SecureShellSessions} open"));
        if (sample.ProcessorPercent is { } processor)
        {
            yield return Measured(ActivityKind.ProcessorLoad, processor, optional.ProcessorPercent, sample.At, Text($"{processor:0} %"));
        }

        if (sample.GpuPercent is { } gpu)
        {
            yield return Measured(ActivityKind.GpuLoad, gpu, optional.GpuPercent, sample.At, Text($"{gpu:0} %"));
        }
    }

    private static ActivitySignal Measured(ActivityKind kind, double value, int? threshold, Instant at, string detail)
    {
        var active = value >= (threshold ?? 1);
        return new ActivitySignal(
            kind, "", null, threshold is not null, active, active ? at : null, null, threshold is { } from ? Text($"{detail}, counts from {from}") : detail);
    }

    // A machine cannot have done something in the future, whatever its clock says.
    private static Instant Earlier(Instant one, Instant other) => Instant.Min(one, other);

    private static bool Is(string word, string other) => word.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static string Short(string id) => id.Length <= 8 ? id : id[..8];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
