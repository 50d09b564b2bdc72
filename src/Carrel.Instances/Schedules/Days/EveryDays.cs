using NodaTime;

namespace Carrel.Instances.Schedules.Days;

/// <summary>Every so many days, counted from the anchor's date (contract 3.4).</summary>
internal sealed class EveryDays(LocalDate anchor, int interval) : IDayRule
{
    /// <inheritdoc/>
    public LocalDate? First(LocalDate from, LocalDate last)
    {
        var past = Cycle.Past(Period.DaysBetween(anchor, from), interval);
        var found = past == 0 ? from : from.PlusDays(interval - past);
        return found <= last ? found : null;
    }
}
