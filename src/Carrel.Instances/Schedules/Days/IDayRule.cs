using NodaTime;

namespace Carrel.Instances.Schedules.Days;

/// <summary>The days on which a trigger fires, as a pure rule over the calendar; hours and zones are none of its business.</summary>
internal interface IDayRule
{
    /// <summary>The first matching day from <paramref name="from"/> to <paramref name="last"/>, both included, or null.</summary>
    LocalDate? First(LocalDate from, LocalDate last);
}
