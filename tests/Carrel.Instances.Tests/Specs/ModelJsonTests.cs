using System.Text.Json;
using Carrel.Instances.Specs;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Shouldly;
using Xunit;

namespace Carrel.Instances.Tests.Specs;

public sealed class ModelJsonTests
{
    [Fact]
    public void Every_model_comes_back_as_it_was() =>
        Property.Check(Prop.ForAll(Models().ToArbitrary(), model =>
        {
            var text = ModelJson.Serialize(model);
            var back = ModelJson.Deserialize(text);

            // Text alone would not show a member that is never written.
            return ModelJson.Serialize(back) == text && ModelJson.Same(back, model)
                && (back with { Tags = model.Tags, Schedules = model.Schedules, CustomServices = model.CustomServices, DataMounts = model.DataMounts, Identity = model.Identity }) == model
                && back.Tags.OrderBy(t => t.Key).SequenceEqual(model.Tags.OrderBy(t => t.Key))
                && back.Identity?.TypeWord == model.Identity?.TypeWord
                && back.Schedules.Select(s => (s.Id, s.Status, s.Action, s.Cron, s.TriggerSavedOn)).SequenceEqual(
                    model.Schedules.Select(s => (s.Id, s.Status, s.Action, s.Cron, s.TriggerSavedOn)))
                && back.Schedules.SelectMany(s => s.Recurrence?.WeekDays ?? []).SequenceEqual(model.Schedules.SelectMany(s => s.Recurrence?.WeekDays ?? []))
                && back.DataMounts.SequenceEqual(model.DataMounts)
                && back.CustomServices.Select(s => s.Document).SequenceEqual(model.CustomServices.Select(s => s.Document));
        }));

    [Fact]
    public void A_stored_text_that_lacks_later_members_has_their_defaults()
    {
        var model = ModelJson.Deserialize("""{"vmSize":"x"}""");
        model.ShouldSatisfyAllConditions(
            () => model.EnableRootAccess.ShouldBeTrue(),
            () => model.EnableSso.ShouldBeTrue(),
            () => model.Tags.ShouldBeEmpty(),
            () => model.Schedules.ShouldBeEmpty(),
            () => model.CustomServices.ShouldBeEmpty(),
            () => model.DataMounts.ShouldBeEmpty());
    }

    [Fact]
    public void Enums_are_stored_as_words() =>
        ModelJson.Serialize(Samples.Model("""{"schedules":{"computeStartStop":[{"action":"stop","triggerType":"Cron","cron":{"expression":"0 8 * * *"}}]}}"""))
            .ShouldContain("\"action\":\"Stop\"");

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    public void A_text_that_is_no_model_is_refused(string text) => Should.Throw<JsonException>(() => ModelJson.Deserialize(text));

    private static Gen<ComputeInstanceModel> Models()
    {
        var texts = Gen.Elements("", "x", "ü \"quoted\" \\ \n", "😀", "/subscriptions/s");
        var flags = Gen.Elements(true, false);
        var guids = ArbMap.Default.GeneratorFor<Guid>();
        var instants = from seconds in Gen.Choose(0, int.MaxValue) from ticks in Gen.Choose(0, 9_999_999)
                       select Instant.FromUnixTimeSeconds(seconds).PlusTicks(ticks);
        var crons = from zone in texts select new CronModel(null, zone, zone, "0 8 * * *");
        var recurrences =
            from interval in Gen.Choose(1, 500)
            from days in Gen.SubListOf(Enum.GetValues<DayOfWeek>())
            select new RecurrenceModel(
                "2026-01-01T00:00", null, "UTC", RecurrenceFrequency.Week, interval, [1], [], [.. days], [], [new MonthlyOccurrence(DayOfWeek.Friday, null)]);
        var schedules =
            from id in guids from instant in instants from isCron in flags from cron in crons from recurrence in recurrences
            select new ScheduleModel(
                id, isCron ? ScheduleStatus.Enabled : ScheduleStatus.Disabled, ScheduleAction.Start, isCron ? cron : null, isCron ? null : recurrence, instant);
        return from text in texts
               from flag in flags
               from other in flags
               from id in guids
               from minutes in Gen.Choose(15, 4320)
               from list in Gen.ListOf(schedules, 2)
               select new ComputeInstanceModel(
                   "Standard_DS3_v2",
                   flag ? text : null,
                   other ? text : null,
                   flag,
                   flag ? text : null,
                   other ? new AssignedUser(id, id) : null,
                   other,
                   flag,
                   other,
                   flag,
                   other,
                   flag ? minutes : null,
                   flag,
                   other ? flag : null,
                   flag ? new IdentityModel(other, [text]) : null,
                   other ? new SkuModel(text, null) : null,
                   flag ? new SetupScriptModel(ScriptSource.Inline, text, null, "1m") : null,
                   null)
               {
                   Tags = new Dictionary<string, string> { [text] = text },
                   Schedules = [.. list],
                   DataMounts = other ? [new DataMountModel(text, text, DataMountSource.Uri, DataMountMode.ReadWrite, flag ? text : null, text)] : [],
                   CustomServices = flag ? [new CustomServiceModel(text, [new ServiceEndpoint(null, "tcp", 2000, 2001)], "{\"a\":1}")] : [],
               };
    }
}
