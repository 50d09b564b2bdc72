using System.Text.Json;
using Carrel.Instances.Specs.Reading;
using Carrel.Instances.Specs.Updates;
using Carrel.Instances.Specs.Validation;

namespace Carrel.Instances.Specs.Settings;

/// <summary>
/// The call <c>updateSchedules</c> (contract 3.1): the list replaces the stored one. An item with a known id keeps it, and keeps the anchor of
/// its trigger while the trigger stays the same; every other item is a new schedule.
/// </summary>
public static class ScheduleSetting
{
    private const string Member = "computeStartStop";

    /// <summary>Decides; pure.</summary>
    public static SettingDecision Decide(ComputeInstanceModel stored, JsonElement body, ValidationContext context)
    {
        var findings = new List<Finding>();
        var sent = Sent(body, "The body", findings);
        if (findings.Count > 0)
        {
            return new SettingDecision(null, findings);
        }

        var fresh = ScheduleValidator.Validate(sent, context, findings, Member);
        return findings.Count > 0
            ? new SettingDecision(null, findings)
            : new SettingDecision(stored with { Schedules = Replace(stored.Schedules, sent, fresh) }, []);
    }

    /// <summary>
    /// What a PUT with these schedules would make of the instance, decided as that does: who asks beforehand must be told what will be. Pure.
    /// </summary>
    /// <param name="stored">The instance as it is.</param>
    /// <param name="schedules">The <c>schedules</c> object; findings name paths in it.</param>
    /// <param name="context">What the rules need to know besides.</param>
    public static SettingDecision DecideUpdate(ComputeInstanceModel stored, JsonElement schedules, ValidationContext context)
    {
        var findings = new List<Finding>();
        var sent = Sent(schedules, "'schedules'", findings);
        var updated = findings.Count > 0 ? stored.Schedules : ScheduleUpdate.Apply(stored.Schedules, sent, context, findings, Member);
        return SettingDecision.Of(stored with { Schedules = updated }, findings);
    }

    // An empty object is refused: more often it is a list that was forgotten than the wish to remove every schedule.
    private static IReadOnlyList<ScheduleSpec> Sent(JsonElement schedules, string whole, List<Finding> findings) =>
        SettingBody.Object(schedules, Member, findings, whole, mayBeEmpty: false) is { } reader ? ScheduleReader.Read(reader) ?? [] : [];

    private static List<ScheduleModel> Replace(
        IReadOnlyList<ScheduleModel> stored, IReadOnlyList<ScheduleSpec> sent, IReadOnlyList<ScheduleModel> fresh)
    {
        var free = stored.ToList();
        var schedules = new List<ScheduleModel>();
        foreach (var (item, made) in sent.Zip(fresh))
        {
            // An id that is sent twice is the first one's.
            var known = Guid.TryParse(item.Id, out var id) ? free.Find(candidate => candidate.Id == id) : null;
            schedules.Add(known is null ? made : Keep(known, made));
            if (known is not null)
            {
                free.Remove(known);
            }
        }

        return schedules;
    }

    private static ScheduleModel Keep(ScheduleModel known, ScheduleModel made) => ScheduleUpdate.IsSameTrigger(known, made)
        ? known with { Status = made.Status, Action = made.Action }
        : made with { Id = known.Id };
}
