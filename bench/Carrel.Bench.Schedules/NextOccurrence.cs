using System.Diagnostics;
using System.Globalization;
using Carrel.Instances.Schedules;
using Carrel.Instances.Specs;
using NodaTime;
using Quartz;

namespace Carrel.Bench.Schedules;

/// <summary>Nanoseconds from one occurrence to the next: both evaluators walk the same expressions through the same year, in turn.</summary>
internal static class NextOccurrence
{
    private const int Rounds = 9;
    private static readonly Instant Begin = Instant.FromUtc(2026, 1, 1, 0, 0);
    private static readonly Instant End = Instant.FromUtc(2027, 1, 1, 0, 0);

    internal static void Run(TextWriter output)
    {
        var pairs = Expressions.Make(60).Select(e => (Ours: Cron(e.Carrel, e.Zone), Theirs: Quartz(e.Quartz, e.Zone))).ToList();
        FiringTimes[] recurrences = [.. Recurrences()];
        var (cron, quartz, recurrence) = (new List<double>(), new List<double>(), new List<double>());
        var (same, all) = (0, 0);
        foreach ((FiringTimes ours, CronExpression theirs) in pairs)
        {
            var mine = ours.Between(Begin, End).ToHashSet();
            all += mine.Count;
            same += Walk(theirs).Count(mine.Contains);
        }

        for (int round = -2; round < Rounds; round++)
        {
            double ours = Measure(() => pairs.Sum(pair => Count(pair.Ours)));
            double theirs = Measure(() => pairs.Sum(pair => Walk(pair.Theirs).Count()));
            double rule = Measure(() => recurrences.Sum(Count));
            if (round >= 0)
            {
                cron.Add(ours);
                quartz.Add(theirs);
                recurrence.Add(rule);
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"next occurrence, p50 (min-max) ns: {all} occurrences of 2026 per round, {100.0 * same / all:0.00} % the same in both"));
        Print(output, "Quartz CronExpression", quartz, quartz);
        Print(output, "carrel cron", cron, quartz);
        Print(output, "carrel recurrence", recurrence, quartz);
    }

    internal static FiringTimes Cron(string expression, string zone) => FiringTimes.Of(new ScheduleModel(
        Guid.Empty, ScheduleStatus.Enabled, ScheduleAction.Stop, new CronModel(null, null, zone, expression), null, Instant.FromUtc(2025, 1, 1, 0, 0)));

    internal static CronExpression Quartz(string expression, string zone) => new(expression) { TimeZone = TimeZoneInfo.FindSystemTimeZoneById(zone) };

    private static IEnumerable<FiringTimes> Recurrences()
    {
        foreach (string zone in new[] { "UTC", "Europe/Berlin", "America/Los_Angeles" })
        {
            yield return Of(new RecurrenceModel(null, null, zone, RecurrenceFrequency.Day, 1, [17], [0], [], [], []));
            yield return Of(new RecurrenceModel(null, null, zone, RecurrenceFrequency.Week, 2, [8, 18], [0, 30], [DayOfWeek.Monday, DayOfWeek.Friday], [], []));
            yield return Of(new RecurrenceModel(null, null, zone, RecurrenceFrequency.Month, 1, [6], [0], [], [1, -1], [new MonthlyOccurrence(DayOfWeek.Friday, 2)]));
            yield return Of(new RecurrenceModel(null, null, zone, RecurrenceFrequency.Hour, 5, [], [], [], [], []));
        }
    }

    private static FiringTimes Of(RecurrenceModel model) => FiringTimes.Of(new ScheduleModel(
        Guid.Empty, ScheduleStatus.Enabled, ScheduleAction.Stop, null, model, Instant.FromUtc(2025, 1, 1, 0, 0)));

    private static int Count(FiringTimes times)
    {
        int count = 0;
        for (Instant? next = times.Next(Begin - Duration.Epsilon); next < End; next = times.Next(next.Value))
            count++;
        return count;
    }

    private static IEnumerable<Instant> Walk(CronExpression expression)
    {
        DateTimeOffset end = End.ToDateTimeOffset();
        for (DateTimeOffset? next = expression.GetNextValidTimeAfter(Begin.ToDateTimeOffset().AddSeconds(-1)); next < end; next = expression.GetNextValidTimeAfter(next.Value))
            yield return Instant.FromDateTimeOffset(next.Value);
    }

    private static double Measure(Func<int> work)
    {
        long begun = Stopwatch.GetTimestamp();
        int occurrences = work();
        return Stopwatch.GetElapsedTime(begun).TotalNanoseconds / occurrences;
    }

    private static void Print(TextWriter output, string name, List<double> figures, List<double> peer)
    {
        figures.Sort();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {name,-22} {figures[Rounds / 2],8:0} ({figures[0]:0}-{figures[^1]:0})  ratio {figures[Rounds / 2] / peer.Order().ElementAt(Rounds / 2):0.000}"));
    }
}
