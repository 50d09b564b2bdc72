namespace Carrel.Instances.Specs.Reading;

/// <summary>Reads the <c>schedules</c> object (contract 3.1). A <c>triggerType</c> repeated inside a trigger is ignored.</summary>
internal static class ScheduleReader
{
    private static readonly string[] TimesOfRecurrence = ["hours", "minutes", "weekDays", "monthDays", "monthlyOccurrences"];

    public static IReadOnlyList<ScheduleSpec>? Read(MemberReader? schedules) => schedules?.Objects("computeStartStop", refusesNull: true)?.ConvertAll(Item);

    private static ScheduleSpec Item(MemberReader item) => new(
        item.Text("id"), item.Text("status"), item.Text("action"), item.Text("triggerType"), Cron(item.Object("cron")),
        Recurrence(item.Object("recurrence"))) { Misplaced = Misplaced(item) };

    public static CronSpec? Cron(MemberReader? cron) =>
        cron is null ? null : new CronSpec(cron.Text("startTime"), cron.Text("endTime"), cron.Text("timeZone"), cron.Text("expression")) { Misplaced = Misplaced(cron) };

    public static RecurrenceSpec? Recurrence(MemberReader? recurrence)
    {
        if (recurrence is null)
        {
            return null;
        }

        var schedule = recurrence.Object("schedule");
        return new RecurrenceSpec(
            recurrence.Text("startTime"),
            recurrence.Text("endTime"),
            recurrence.Text("timeZone"),
            recurrence.Text("frequency"),
            recurrence.Number("interval"),
            NotEmpty(schedule?.Numbers("hours")),
            NotEmpty(schedule?.Numbers("minutes")),
            NotEmpty(schedule?.Texts("weekDays")),
            NotEmpty(schedule?.Numbers("monthDays")),
            NotEmpty(schedule?.Objects("monthlyOccurrences")?.ConvertAll(
                item => new MonthlyOccurrenceSpec(item.Text("day"), item.Number("occurrence"))))) { Misplaced = Misplaced(recurrence) };
    }

    private static List<string> Misplaced(MemberReader reader) => [.. TimesOfRecurrence.Where(reader.Says)];

    private static List<T>? NotEmpty<T>(List<T>? list) => list is { Count: > 0 } ? list : null;
}
