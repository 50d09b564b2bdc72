using System.Diagnostics;
using System.Globalization;
using Carrel.Engine.Schedules;
using Carrel.Instances.Schedules;
using NodaTime;
using Quartz;

namespace Carrel.Bench.Schedules;

/// <summary>
/// 100,000 schedules read from text and put in order of their next firing. The peer does the part of Quartz that is the same work: parse the expression, work
/// out the first time, sort; its scheduler with jobs and triggers would add to that.
/// </summary>
internal static class Loading
{
    private const int Schedules = 100_000;
    private static readonly Instant Begin = Instant.FromUtc(2026, 1, 1, 0, 0);

    internal static void Run(TextWriter output)
    {
        var texts = Expressions.Make(Schedules).ToList();
        Carrel(texts.Take(1000).ToList(), out _);
        Quartz(texts.Take(1000).ToList(), out _);
        object calendar = Carrel(texts, out Figures ours);
        object sorted = Quartz(texts, out Figures theirs);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Schedules} schedules in {texts.Select(text => text.Zone).Distinct().Count()} zones"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  load, us each          carrel {ours.Micros,7:0.00}  Quartz {theirs.Micros,7:0.00}  ratio {ours.Micros / theirs.Micros:0.000}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  memory, bytes each     carrel {ours.Bytes,7:0}  Quartz {theirs.Bytes,7:0}  ratio {ours.Bytes / theirs.Bytes:0.000}"));

        var firing = (FiringCalendar)calendar;
        long begun = Stopwatch.GetTimestamp();
        int fired = 0;
        for (Instant now = Begin; now < Begin + Duration.FromDays(7); now += Duration.FromMinutes(1))
            fired += firing.TakeDue(now, int.MaxValue).Count;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"  a week taken from the calendar: {fired} firings, {Stopwatch.GetElapsedTime(begun).TotalNanoseconds / fired:0} ns each (take, next occurrence, back in order)"));
        GC.KeepAlive(sorted);
    }

    private static FiringCalendar Carrel(List<(string Carrel, string Quartz, string Zone)> texts, out Figures figures)
    {
        long before = GC.GetTotalMemory(true);
        long begun = Stopwatch.GetTimestamp();
        var calendar = new FiringCalendar();
        using (CalendarRebuild rebuild = calendar.BeginRebuild())
        {
            foreach ((string expression, _, string zone) in texts)
                rebuild.Add(new ScheduleKey(Guid.NewGuid(), Guid.NewGuid()), NextOccurrence.Cron(expression, zone), Begin);
        }

        figures = new Figures(Stopwatch.GetElapsedTime(begun).TotalMicroseconds / texts.Count, (double)(GC.GetTotalMemory(true) - before) / texts.Count);
        return calendar;
    }

    private static SortedSet<(DateTimeOffset Next, Guid Instance, Guid Schedule, CronExpression Expression)> Quartz(
        List<(string Carrel, string Quartz, string Zone)> texts, out Figures figures)
    {
        long before = GC.GetTotalMemory(true);
        long begun = Stopwatch.GetTimestamp();
        var sorted = new SortedSet<(DateTimeOffset Next, Guid Instance, Guid Schedule, CronExpression Expression)>(
            Comparer<(DateTimeOffset Next, Guid Instance, Guid Schedule, CronExpression Expression)>.Create(
                (left, right) => left.Next.CompareTo(right.Next) is not 0 and var order ? order : left.Instance.CompareTo(right.Instance)));
        foreach ((_, string expression, string zone) in texts)
        {
            CronExpression cron = NextOccurrence.Quartz(expression, zone);
            sorted.Add((cron.GetNextValidTimeAfter(Begin.ToDateTimeOffset())!.Value, Guid.NewGuid(), Guid.NewGuid(), cron));
        }

        figures = new Figures(Stopwatch.GetElapsedTime(begun).TotalMicroseconds / texts.Count, (double)(GC.GetTotalMemory(true) - before) / texts.Count);
        return sorted;
    }

    private sealed record Figures(double Micros, double Bytes);
}
