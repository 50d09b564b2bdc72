namespace Carrel.Simulation.Tests.Steps;

/// <summary>
/// The schedules that a simulated instance may be given, by number. Everything falls on whole five minutes, so that an instance comes to rest in
/// between.
/// </summary>
internal static class Plans
{
    private const string StopEvery20 =
        """{"action":"Stop","triggerType":"Recurrence","recurrence":{"frequency":"Minute","interval":20,"startTime":"2026-11-25T08:00:00"}}""";

    private static readonly string[] Numbered =
    [
        "",
        Cron("Stop", "*/10 * * * *"),
        Cron("Start", "*/10 * * * *"),
        // At one instant: the stop wins.
        Cron("Start", "*/10 * * * *") + "," + Cron("Stop", "*/10 * * * *"),
        Cron("Start", "5/10 * * * *") + "," + Cron("Stop", "*/10 * * * *"),
        Cron("Start", "5/10 * * * *") + "," + Cron("Stop", "*/10 * * * *", "Disabled"),
        StopEvery20 + "," + Cron("Start", "10/20 * * * *"),
        Cron("Stop", "*/5 * * * *"),
    ];

    /// <summary>How many there are; number 0 has no schedule.</summary>
    internal static int Count => Numbered.Length;

    /// <summary>The body of <c>updateSchedules</c>, and the value of <c>schedules</c>.</summary>
    internal static string Body(int number) => $$"""{"computeStartStop":[{{Numbered[number % Count]}}]}""";

    private static string Cron(string action, string expression, string status = "Enabled") =>
        $$$"""{"action":"{{{action}}}","status":"{{{status}}}","triggerType":"Cron","cron":{"expression":"{{{expression}}}"}}""";
}
