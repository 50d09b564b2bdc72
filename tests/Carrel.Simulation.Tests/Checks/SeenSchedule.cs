using System.Globalization;
using System.Text.Json;

namespace Carrel.Simulation.Tests.Checks;

/// <summary>A schedule as the database has it. When it fires is said here a second time, by arithmetic on minutes, for the triggers of the plans.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Action">Start or Stop.</param>
/// <param name="Enabled">Whether it fires.</param>
/// <param name="Every">Minutes between two occurrences.</param>
/// <param name="Offset">Minutes of the first in each hour.</param>
internal sealed record SeenSchedule(string Id, string Action, bool Enabled, int Every, int Offset)
{
    /// <summary>Whether an occurrence falls on an instant.</summary>
    internal bool Fires(DateTimeOffset at) => at.UtcTicks % TimeSpan.TicksPerMinute == 0 && at.Minute % Every == Offset;

    /// <summary>The occurrences behind one instant, up to another one included.</summary>
    internal IEnumerable<DateTimeOffset> Between(DateTimeOffset after, DateTimeOffset until)
    {
        var minute = new DateTimeOffset(after.UtcTicks - (after.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        for (DateTimeOffset at = minute.AddMinutes(1); at <= until; at = at.AddMinutes(1))
        {
            if (Fires(at))
                yield return at;
        }
    }

    /// <summary>The schedules of an instance's row.</summary>
    internal static IReadOnlyList<SeenSchedule> ReadAll(string text)
    {
        if (text == "[]")
            return [];
        using JsonDocument document = JsonDocument.Parse(text);
        return [.. document.RootElement.EnumerateArray().Select(Read)];
    }

    private static SeenSchedule Read(JsonElement row)
    {
        (int every, int offset) = Member(row, "cron") is { ValueKind: JsonValueKind.Object } cron
            ? Minutes(Text(cron, "expression").GetString()!)
            // Those of the plans begin at a full hour, and their interval divides it.
            : (Text(Text(row, "recurrence"), "interval").GetInt32(), 0);
        return new SeenSchedule(Text(row, "id").GetString()!, Text(row, "action").ToString(), Text(row, "status").ToString() == "Enabled", every, offset);
    }

    // "*/10 * * * *", "5/10 * * * *"
    private static (int Every, int Offset) Minutes(string expression)
    {
        string[] parts = expression.Split(' ')[0].Split('/');
        return (int.Parse(parts[1], CultureInfo.InvariantCulture), parts[0] == "*" ? 0 : int.Parse(parts[0], CultureInfo.InvariantCulture));
    }

    private static JsonElement Text(JsonElement row, string name) => Member(row, name) ?? throw new InvalidOperationException($"A schedule without '{name}': {row}");

    private static JsonElement? Member(JsonElement row, string name) => row.EnumerateObject()
        .Where(member => member.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(member => (JsonElement?)member.Value).FirstOrDefault();
}

/// <summary>What became of an occurrence, as the database has it.</summary>
internal sealed record SeenFiring(string Instance, string Schedule, DateTimeOffset Due, string Action, string Outcome, DateTimeOffset DecidedAt, string? Operation)
{
    internal (string Instance, string Schedule, DateTimeOffset Due) Key => (Instance, Schedule, Due);
}

/// <summary>A notice of a stop, as the database has it.</summary>
internal sealed record SeenNotice(
    string Id, string Instance, string Kind, string Schedule, DateTimeOffset Due, DateTimeOffset FireAt, string State, DateTimeOffset ToldAt, DateTimeOffset? DecidedAt)
{
    internal const string Scheduled = "ScheduledShutdownPending";
    internal const string Idle = "IdleShutdownPending";

    internal bool IsOpen => State is "Pending" or "Snoozed";
}
