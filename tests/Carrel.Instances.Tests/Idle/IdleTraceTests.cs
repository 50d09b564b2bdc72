using Carrel.Instances.Idle;
using NodaTime;
using Shouldly;
using Xunit;

namespace Carrel.Instances.Tests.Idle;

/// <summary>
/// The two promises of the idle rule over random traces in virtual time: a stop never comes while a counted signal is active or sooner than the period
/// after it ended, and it always comes within one sample after the period.
/// </summary>
public sealed class IdleTraceTests
{
    private const int Traces = 250;

    [Fact]
    public void A_stop_comes_never_too_early_and_always_in_time()
    {
        for (var seed = 0; seed < Traces; seed++)
        {
            var trace = new RandomTrace(seed, silences: false);
            var stop = trace.Run();

            trace.EarliestStop(stop).ShouldBeLessThanOrEqualTo(stop, $"seed {seed}: too early\n{trace}");
            stop.ShouldBeLessThanOrEqualTo(trace.LatestStop(), $"seed {seed}: too late\n{trace}");
        }
    }

    [Fact]
    public void With_silences_of_the_agent_a_stop_is_never_blind_and_never_too_early_and_still_comes()
    {
        for (var seed = 0; seed < Traces; seed++)
        {
            var trace = new RandomTrace(seed, silences: true);
            var stop = trace.Run();

            trace.IsSilent(stop).ShouldBeFalse($"seed {seed}: a machine that nobody saw\n{trace}");
            trace.EarliestStop(stop).ShouldBeLessThanOrEqualTo(stop, $"seed {seed}: too early\n{trace}");
        }
    }
}

/// <summary>Random activities of a machine, and when a stop is right by them: worked out from the activities, without samples.</summary>
internal sealed class RandomTrace
{
    private static readonly string[] Kinds = ["kernel", "terminal", "output", "job", "editor", "application", "kept", "connection", "shell", "load"];

    private readonly List<Activity> _activities = [];
    private readonly List<(Instant From, Instant To)> _silences = [];
    private readonly VirtualMachine _machine;
    private readonly Duration _period;

    public RandomTrace(int seed, bool silences)
    {
        var random = new Random(seed);
        var minutes = random.Next(50) == 0 ? random.Next(15, 4321) : random.Next(15, 61);
        _period = Duration.FromMinutes(minutes);
        var sample = Duration.FromSeconds(minutes > 60 ? 60 : random.Next(10, 61));
        var at = 0.0;
        for (var count = random.Next(0, 12); count > 0; count--)
        {
            // Pauses on both sides of the period; some activities overlap.
            at += random.NextDouble() * minutes * 1.3 * (random.Next(3) == 0 ? 0 : 1);
            var kind = Kinds[random.Next(Kinds.Length)];

            // What leaves a time stamp may be over in a second; what leaves none has to be there long enough to be seen once.
            var shortest = kind is "kernel" or "output" ? Duration.FromSeconds(1) : sample + Duration.FromSeconds(1);
            var length = kind == "output" ? Duration.Zero : shortest + Duration.FromSeconds(random.NextDouble() * random.NextDouble() * 3600);
            _activities.Add(new Activity(kind, _activities.Count, VirtualMachine.At(at), VirtualMachine.At(at) + length));
            at += length.TotalMinutes * random.NextDouble();
        }

        if (silences)
        {
            for (var count = random.Next(1, 4); count > 0; count--)
            {
                var from = VirtualMachine.At(random.NextDouble() * (at + minutes));
                _silences.Add((from, from + Duration.FromMinutes(random.NextDouble() * minutes)));
            }
        }

        // An activity in a silence is only known when it leaves a time stamp, or is still there when the agent is heard again.
        _activities.RemoveAll(activity => !activity.LeavesTime && _silences.Any(silence => activity.From < silence.To + sample && silence.From < activity.To + sample));
        _machine = new VirtualMachine(minutes)
        {
            SampleEvery = sample,
            Settings = new IdleSettings(minutes, new OptionalSignals(OpenConnections: 1, SecureShellSessions: 1, ProcessorPercent: 10), random.Next(1, 11)),
            Shows = Show,
            Remembers = false,
        };
    }

    public Instant Run() =>
        _machine.RunUntil(Horizon()) ?? throw new ShouldAssertException($"it never stops\n{this}");

    // Long after everything has ended and nothing is silent any more.
    private Instant Horizon() =>
        _activities.Select(activity => activity.End).Concat(_silences.Select(silence => silence.To)).Append(VirtualMachine.Start).Max() + _period + Duration.FromHours(1);

    public bool IsSilent(Instant at) => _silences.Any(silence => at >= silence.From && at < silence.To);

    /// <summary>No stop at an instant may come before this: the period after the last activity that had begun by then.</summary>
    public Instant EarliestStop(Instant stop) =>
        _activities.Where(activity => activity.From <= stop).Select(activity => activity.End).Append(VirtualMachine.Start).Max() + _period;

    /// <summary>By then it must have stopped: the first end of a quiet stretch as long as the period and one sample.</summary>
    public Instant LatestStop()
    {
        var quietSince = VirtualMachine.Start;
        foreach (var activity in _activities.OrderBy(activity => activity.From))
        {
            if (activity.From > quietSince + _period + _machine.SampleEvery)
            {
                break;
            }

            quietSince = Instant.Max(quietSince, activity.End);
        }

        return quietSince + _period + _machine.SampleEvery;
    }

    public override string ToString() => string.Join(
        '\n',
        [
            $"period {_period.TotalMinutes} min, sample {_machine.SampleEvery.TotalSeconds} s, stop at {_machine.Now}",
            .. _activities.Select(activity => $"{activity.Kind} {activity.From} to {activity.To}"),
            .. _silences.Select(silence => $"silent {silence.From} to {silence.To}"),
        ]);

    private ActivitySample? Show(Instant at)
    {
        if (IsSilent(at))
        {
            return null;
        }

        var now = _activities.Where(activity => activity.From <= at && at < activity.To).ToList();
        return new ActivitySample(at)
        {
            // A kernel and a terminal stay when their work is over, and tell when that was.
            Kernels = [.. Of("kernel", at).Select(kernel => new KernelSample($"k{kernel.Number}", "python3", at < kernel.To ? "busy" : "idle", at < kernel.To ? kernel.From : kernel.To, 0)),
                .. now.Where(activity => activity.Kind == "connection").Select(open => new KernelSample($"c{open.Number}", "python3", "starting", open.From, 1))],
            Terminals = [.. Of("terminal", at).Select(terminal => new TerminalSample($"t{terminal.Number}", terminal.From, at < terminal.To)),
                .. Of("output", at).Select(output => new TerminalSample($"o{output.Number}", output.From, false))],
            Jobs = [.. Of("job", at).Select(job => new JobSample($"j{job.Number}", at < job.To ? "Queued" : "Failed"))],
            Editors = [.. now.Where(activity => activity.Kind == "editor").Select(editor => new EditorSample($"e{editor.Number}", at))],
            Applications = [.. now.Where(activity => activity.Kind == "application").Select(application => new ApplicationSample($"a{application.Number}", true))],
            KeptProcesses = [.. now.Where(activity => activity.Kind == "kept").Select(kept => new KeptProcessSample(kept.Number, "make", kept.From))],
            SecureShellSessions = now.Count(activity => activity.Kind == "shell"),
            ProcessorPercent = now.Any(activity => activity.Kind == "load") ? 55 : 1,
        };
    }

    private IEnumerable<Activity> Of(string kind, Instant at) => _activities.Where(activity => activity.Kind == kind && activity.From <= at);

    private sealed record Activity(string Kind, int Number, Instant From, Instant To)
    {
        // When it counts until, by contract 4.2. Starting a kernel is activity too, and so is the output of a terminal's first prompt.
        public Instant End => Kind switch
        {
            "output" => To + ActivityReading.TerminalGrace,
            "terminal" => Instant.Max(To, From + ActivityReading.TerminalGrace),
            _ => To,
        };

        public bool LeavesTime => Kind is "kernel" or "output";
    }
}
