using System.Text.Json;
using System.Text.Json.Nodes;
using Carrel.Instances.Schedules;
using Carrel.Instances.Tests.Examples;
using NodaTime;
using NodaTime.TimeZones;
using Shouldly;
using Xunit;

namespace Carrel.Instances.Tests.Schedules;

/// <summary>Zone ids (contract 3.3 and its table windows-zones.json, copied unchanged to Examples/WindowsZones.json).</summary>
public sealed class ZoneTableTests
{
    [Fact(DisplayName = "3.T17 All 138 Windows ids have the rules of the contract's table")]
    public void All_138_windows_ids_have_the_rules_of_the_table()
    {
        var table = Example.Load("WindowsZones.json");
        table.Count.ShouldBe(138);
        foreach (var (windows, iana) in table)
        {
            Rules(Triggers.Cron("0 0 * * *", windows.ToUpperInvariant()).Zone).ShouldBe(Rules(TzdbZone((string)iana!)), windows);
        }
    }

    [Theory(DisplayName = "3.T17 An id that is neither is refused")]
    [InlineData("PST")]
    [InlineData("")]
    [InlineData(" UTC")]
    [InlineData("Mars/Olympus")]
    [InlineData("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna")]
    [InlineData("+02:00")]
    [InlineData("Local")]
    public void An_id_that_is_neither_is_refused(string id) =>
        TriggerTrial.Cron(
            JsonSerializer.SerializeToElement(new JsonObject { ["expression"] = "0 0 * * *", ["timeZone"] = id }), Instant.FromUtc(2026, 1, 1, 0, 0))
            .Findings.ShouldHaveSingleItem().Target.ShouldBe("cron.timeZone");

    [Fact]
    public void Every_id_of_the_zone_database_is_known() =>
        TzdbDateTimeZoneSource.Default.GetIds().ShouldAllBe(id => Triggers.Cron("0 0 * * *", id, null, null, "2020-01-01T00:00:00Z").Zone.Id == id);

    private static DateTimeZone TzdbZone(string id) => DateTimeZoneProviders.Tzdb[id];

    private static List<(Instant? Start, Offset Offset)> Rules(DateTimeZone zone) =>
        [.. zone.GetZoneIntervals(Instant.FromUtc(2020, 1, 1, 0, 0), Instant.FromUtc(2041, 1, 1, 0, 0))
            .Select(period => (period.HasStart ? period.Start : default(Instant?), period.WallOffset))];
}
