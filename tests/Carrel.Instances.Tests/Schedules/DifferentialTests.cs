using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Carrel.Instances.Schedules;
using NodaTime;
using Shouldly;
using Xunit;

namespace Carrel.Instances.Tests.Schedules;

/// <summary>
/// The fast evaluator against the slow one, on random triggers in twenty zones, over windows of 2020 to 2040 of which half lie on a change of clocks.
/// <c>CARREL_SCHEDULE_CASES</c> sets how many (300 when absent) and <c>CARREL_SCHEDULE_SEED</c> where the random numbers begin; a failure names both of its own.
/// </summary>
public sealed class DifferentialTests(ITestOutputHelper output)
{
    private static readonly int Cases = Setting("CARREL_SCHEDULE_CASES", 300);
    private static readonly int Seed = Setting("CARREL_SCHEDULE_SEED", 20_260_101);

    [Fact(DisplayName = "3.T1 The fast evaluator agrees with a minute-by-minute one")]
    public void The_fast_evaluator_agrees_with_a_minute_by_minute_one()
    {
        var (occurrences, changes, refused) = (0L, 0, 0);
        for (var number = 0; number < Cases; number++)
        {
            var random = new Random(HashCode(Seed, number));
            var triggers = new RandomTrigger(random);
            var zone = RandomTrigger.Zones[random.Next(RandomTrigger.Zones.Length)];
            var (from, changed) = Begin(random, DateTimeZoneProviders.Tzdb[zone]);
            var cron = random.Next(2) == 0;
            var trigger = cron ? triggers.Cron(zone) : triggers.Recurrence(zone);
            var saved = from - Duration.FromMinutes(random.Next(-5_000, 1_000_000));
            if (!triggers.Chance(3))
            {
                trigger["startTime"] = triggers.Time(from);
            }

            if (triggers.Chance(4))
            {
                trigger["endTime"] = triggers.Time(from + Duration.FromDays(20));
            }

            var name = $"seed {Seed} case {number}: {trigger.ToJsonString()} saved {saved} from {from}";
            var element = JsonSerializer.SerializeToElement(trigger);
            var reading = cron ? TriggerTrial.Cron(element, saved) : TriggerTrial.Recurrence(element, saved);
            if (reading.Times is not { } times)
            {
                // The only reason to refuse what is made here: a date that does not come within 8 years.
                reading.Findings.ShouldHaveSingleItem().Message.ShouldContain("no date within", Case.Sensitive, name);
                new Oracle(trigger, saved).Between(saved, saved + Duration.FromDays(8 * 365)).ShouldBeEmpty(name);
                refused++;
                continue;
            }

            changes += changed ? 1 : 0;
            occurrences += Compare(times, new Oracle(trigger, saved), from, random, name);
        }

        output.WriteLine($"seed {Seed}: {Cases} triggers, {changes} windows on a change of clocks, {occurrences} occurrences compared, {refused} refused");
        occurrences.ShouldBeGreaterThan(Cases);
    }

    private static int Compare(FiringTimes times, Oracle oracle, Instant from, Random random, string name)
    {
        // Long windows for what is rare, short ones for what fires every few minutes.
        var to = from + Duration.FromDays(times.Overlap == OverlapRule.FirstPass && random.Next(3) == 0 ? random.Next(1, 400) : random.Next(1, 9));
        var expected = oracle.Between(from, to);
        var actual = times.Between(from, to).Take(expected.Count + 1).ToList();
        var wrong = expected.Zip(actual).FirstOrDefault(pair => pair.First != pair.Second);
        wrong.ShouldBe(default, $"{name}: (slow, fast)");
        actual.Count.ShouldBe(expected.Count, name);
        for (var i = 0; i < 5; i++)
        {
            var after = from + Duration.FromSeconds((long)(random.NextDouble() * (to - from).TotalSeconds));
            var next = expected.Find(at => at > after);
            if (next != default)
            {
                times.Next(after).ShouldBe(next, $"{name} after {after}");
            }
            else
            {
                (times.Next(after) ?? Instant.MaxValue).ShouldBeGreaterThanOrEqualTo(to, $"{name} after {after}");
            }
        }

        return expected.Count;
    }

    private static (Instant From, bool OnChange) Begin(Random random, DateTimeZone zone)
    {
        var any = Instant.FromUtc(random.Next(2020, 2041), 1, 1, 0, 0) + Duration.FromMinutes(random.Next(0, 525_000));
        return random.Next(2) == 0 && zone.GetZoneInterval(any) is { HasEnd: true } period
            ? (period.End - Duration.FromMinutes(random.Next(-2000, 5000)), true)
            : (any, false);
    }

    private static int HashCode(int seed, int number) => unchecked((seed * 486_187_739) + (number * 16_777_619));

    private static int Setting(string name, int standard) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : standard;
}
