namespace Carrel.Simulation.Tests.Steps;

/// <summary>Makes the sequence of a seed. A new operation of the product gets a word in <see cref="Calls"/>, as often as it should come.</summary>
internal static class StepGenerator
{
    private static readonly string[] Instances = ["lab/ant", "lab/ant", "lab/ant", "lab/bee", "lab/bee", "den/cat", "den/ant", "far/ant", "none/dog", "pit/eel", "pit/ant"];

    private static readonly int[] Cores = [1, 1, 1, 1, 4, 16, 16, 64];

    // Leaves 20 of the 100 cores.
    private static readonly Step Ballast = Step.Parse("put lab/ballast1a 16 | put lab/ballast2a 16 | put lab/ballast3a 16 | put lab/ballast4a 16 | put lab/ballast5a 16");

    private static readonly string[] Calls =
    [
        "put", "put", "put", "put", "put", "start", "start", "start", "stop", "stop", "stop", "restart", "restart", "restart", "delete", "delete", "reimage", "reimage", "idle", "sso", "patch", "badput", "badpatch", "get", "poll",
        "plan", "plan", "putplan", "putplan", "putbrief", "putbrief", "quota", "quota", "awake",
    ];

    // Half of the sequences are about what happens by itself: schedules and idleness, over a longer time and with fewer callers.
    private static readonly string[] CallsOfTime =
    [
        "putplan", "putplan", "putplan", "put", "plan", "plan", "plan", "dismiss", "dismiss", "snooze", "snooze", "start", "start", "stop", "restart", "delete", "idle", "idle", "awake", "putbrief", "quota",
    ];

    // Holding and letting go come often: a call that meets a running operation is what most faults need.
    private static readonly string[] Happenings =
    [
        "hold", "hold", "hold", "open", "pass", "pass", "pass", "pass", "pass", "pass", "pass", "silent", "silent", "lost", "refuse", "half",
        "wait", "wait", "wait", "wait", "jump", "crash", "crash", "hostdown", "hostup", "hostup", "enginerestart", "die", "vanish", "agentsdown", "agentsup", "agentsup", "notready", "ready", "ready",
        "dropworkspace", "makeworkspace", "makeworkspace", "dropgroup", "makegroup", "makegroup", "makeworkspacepit",
    ];

    private static readonly string[] HappeningsOfTime =
    [
        "pause", "pause", "pause", "pause", "pause", "pause", "pause", "wait", "wait", "jump", "off", "off", "crash", "work", "work", "rest", "rest", "rest", "hold", "open", "pass", "pass", "silent", "refuse",
        "agentsdown", "agentsup", "agentsup", "hostdown", "hostup", "hostup", "die", "dropgroup", "makegroup", "makeworkspacepit",
    ];

    private static readonly int[] Waits = [1, 5, 15, 40, 70, 200];

    // So that the clock is often just before, at or just behind the five minutes on which schedules fire.
    private static readonly int[] Pauses = [240, 285, 290, 300, 310, 360, 600, 960];

    private static readonly int[] Offs = [20, 50, 70, 290, 400, 1300];

    private static readonly int[] Limits = [20, 40, 80, 100, 130];

    private static readonly int[] SnoozeMinutes = [15, 30, 60, 120];

    /// <summary>The sequence of a seed.</summary>
    internal static IReadOnlyList<Step> Make(int seed)
    {
        var random = new Random(seed);
        int length = random.Next(8, 50);
        // Some sequences meet no failure at all: there, every operation has to succeed.
        bool calm = random.Next(4) == 0;
        bool ofTime = random.Next(2) == 0;
        (string[] calls, string[] happenings) = ofTime ? (CallsOfTime, HappeningsOfTime) : (Calls, Happenings);
        var steps = new List<Step>(length);
        if (random.Next(5) == 0)
            steps.Add(Ballast);
        while (steps.Count < length)
        {
            int kind = random.Next(20);
            if (kind < 9)
                steps.Add(new Step([Call(random, calls, Pick(Instances, random))]));
            else if (kind < 11)
                steps.Add(Together(random, calls));
            else if (Happening(random, happenings) is var move && (!calm || !move.IsFailure))
                steps.Add(new Step([move]));
        }

        return steps;
    }

    // Mostly about one instance: callers that are about different ones do not meet.
    private static Step Together(Random random, string[] calls)
    {
        string target = Pick(Instances, random);
        return new Step([.. Enumerable.Range(0, random.Next(2, 5)).Select(_ => Call(random, calls, random.Next(5) == 0 ? Pick(Instances, random) : target))]);
    }

    private static Move Call(Random random, string[] calls, string target)
    {
        string verb = Pick(calls, random);
        return verb switch
        {
            "plan" or "putplan" => new Move(verb, target, random.Next(Plans.Count)),
            "snooze" => new Move(verb, target, Pick(SnoozeMinutes, random)),
            "idle" => new Move(verb, target, random.Next(4) == 0 ? 60 : 15),
            "awake" => new Move(verb, target, random.Next(3) * 10),
            "quota" => new Move(verb, "local", Pick(Limits, random)),
            "put" or "putbrief" => new Move(verb, target, Cores[random.Next(Cores.Length)]),
            "poll" => new Move(verb, "", random.Next(1, 20)),
            _ => new Move(verb, target),
        };
    }

    private static Move Happening(Random random, string[] happenings)
    {
        string verb = Pick(happenings, random);
        return verb switch
        {
            "pause" => new Move("wait", "", Pick(Pauses, random)),
            "off" => new Move(verb, "", Pick(Offs, random)),
            "dropgroup" or "makegroup" => new Move(verb, "crew"),
            "makeworkspacepit" => new Move("makeworkspace", "pit"),
            "wait" => new Move(verb, "", Waits[random.Next(Waits.Length)]),
            "jump" => new Move(verb, "", 1200),
            "pass" or "silent" or "lost" or "refuse" or "half" => new Move(verb, "", random.Next(1, 4)),
            "die" or "vanish" => new Move(verb, Pick(Instances, random)),
            "dropworkspace" or "makeworkspace" => new Move(verb, "den"),
            _ => new Move(verb),
        };
    }

    private static T Pick<T>(T[] choices, Random random) => choices[random.Next(choices.Length)];
}
