using System.Text.Json;
using System.Text.Json.Nodes;
using Carrel.Instances.Schedules;
using Carrel.Instances.Specs;
using Carrel.Instances.Tests.Examples;
using NodaTime.Text;
using Shouldly;
using Xunit;

namespace Carrel.Instances.Tests.Schedules;

/// <summary>
/// The vectors of the contract (section 3, schedule-vectors.json, copied unchanged to Examples/ScheduleVectors.json): computed by another evaluator,
/// on the IANA database of 2024 or later.
/// </summary>
public sealed class VectorTests
{
    public static TheoryData<string> Firing => Ids(vector => vector.ContainsKey("expect"));

    public static TheoryData<string> Refused => Ids(vector => vector.ContainsKey("error"));

    [Theory(DisplayName = "3.T1 A vector fires at exactly its instants")]
    [MemberData(nameof(Firing))]
    public void A_vector_fires_at_exactly_its_instants(string id)
    {
        var vector = Vector(id);
        var after = (string)vector["after"]!;
        var reading = Read(vector, (string?)vector["createdAt"] ?? after);
        reading.Findings.ShouldBeEmpty();
        reading.Times!.After(after, (int)vector["count"]!).ShouldBe(vector["expect"]!.AsArray().Select(at => (string)at!));
    }

    [Theory(DisplayName = "3.T1 An invalid vector is refused with InvalidSchedule")]
    [MemberData(nameof(Refused))]
    public void An_invalid_vector_is_refused_with_InvalidSchedule(string id)
    {
        var reading = Read(Vector(id), "2026-01-01T00:00:00Z");
        reading.Times.ShouldBeNull();
        reading.Findings.ShouldNotBeEmpty();
        reading.Findings.ShouldAllBe(finding => finding.Code == FindingCodes.InvalidSchedule);
    }

    [Fact]
    public void All_61_vectors_are_looked_at() => (Firing.Count, Refused.Count).ShouldBe((38, 23));

    private static TriggerReading Read(JsonObject vector, string saved)
    {
        var trigger = JsonSerializer.SerializeToElement(vector["trigger"]);
        var savedOn = InstantPattern.General.Parse(saved).GetValueOrThrow();
        return ((string)vector["kind"]!).StartsWith("cron", StringComparison.Ordinal)
            ? TriggerTrial.Cron(trigger, savedOn) : TriggerTrial.Recurrence(trigger, savedOn);
    }

    private static JsonObject Vector(string id) => All().Single(vector => (string)vector["id"]! == id);

    private static TheoryData<string> Ids(Func<JsonObject, bool> which) => [.. All().Where(which).Select(vector => (string)vector["id"]!)];

    private static IEnumerable<JsonObject> All() => Example.Load("ScheduleVectors.json")["vectors"]!.AsArray().Select(v => v!.AsObject());
}
