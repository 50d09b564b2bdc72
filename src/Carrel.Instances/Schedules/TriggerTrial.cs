using System.Text.Json;
using Carrel.Instances.Specs;
using Carrel.Instances.Specs.Reading;
using Carrel.Instances.Specs.Validation;
using NodaTime;

namespace Carrel.Instances.Schedules;

/// <summary>What a trial gave.</summary>
/// <param name="Times">When the trigger fires, or null when there are findings.</param>
/// <param name="Findings">Everything that is wrong with it, with the codes a server would answer.</param>
public sealed record TriggerReading(FiringTimes? Times, IReadOnlyList<Finding> Findings);

/// <summary>Reads a trigger before anybody saves it: the same reader, validator and evaluator as for an instance, without one.</summary>
public static class TriggerTrial
{
    /// <summary>Reads a <c>cron</c> object as in a request; never throws, whatever JSON it is.</summary>
    public static TriggerReading Cron(JsonElement cron, Instant savedOn) => Read(
        cron, "cron", savedOn, (reader, check) => ScheduleValidator.Cron(ScheduleReader.Cron(reader), check), FiringPatterns.Of);

    /// <summary>Reads a <c>recurrence</c> object as in a request; never throws, whatever JSON it is.</summary>
    public static TriggerReading Recurrence(JsonElement recurrence, Instant savedOn) => Read(
        recurrence, "recurrence", savedOn, (reader, check) => ScheduleValidator.Recurrence(ScheduleReader.Recurrence(reader), check), FiringPatterns.Of);

    private static TriggerReading Read<T>(
        JsonElement trigger,
        string name,
        Instant savedOn,
        Func<MemberReader, ScheduleValidator.Checker, T?> validate,
        Func<T, Instant, FiringTimes> evaluate)
        where T : class
    {
        if (trigger.ValueKind != JsonValueKind.Object || !UnicodeCheck.IsClean(trigger))
        {
            return new TriggerReading(null, [new Finding(FindingCodes.InvalidRequestBody, $"'{name}' must be a JSON object of valid Unicode text.", name)]);
        }

        var findings = new List<Finding>();
        var model = validate(new MemberReader(trigger, name, findings), new ScheduleValidator.Checker("", savedOn, findings));
        return findings.Count == 0 && model is not null ? new TriggerReading(evaluate(model, savedOn), []) : new TriggerReading(null, findings);
    }
}
