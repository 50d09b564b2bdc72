using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;

namespace Carrel.Instances.Tests.Schedules;

/// <summary>
/// The slow evaluator: it goes day by day and minute by minute and asks of each whether it matches, straight from the words of contract 3.2 to 3.4.
/// It shares no code with the fast one, reads the JSON itself, and knows IANA ids only.
/// </summary>
internal sealed class Oracle
{
    private static readonly string[] Names = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
    private readonly JsonObject _trigger;
    private readonly string[]? _cron;
    private readonly DateTimeZone _zone;
    private readonly LocalDateTime _anchor;
    private readonly Instant _start;
    private readonly bool _startCounts;
    private readonly Instant? _end;
    private readonly bool[] _hours;
    private readonly bool[] _minutes;

    public Oracle(JsonObject trigger, Instant saved)
    {
        _trigger = trigger;
        _cron = ((string?)trigger["expression"])?.Split(' ');
        var (start, end) = ((string?)trigger["startTime"], (string?)trigger["endTime"]);
        _zone = start?[^1] == 'Z' ? DateTimeZone.Utc : DateTimeZoneProviders.Tzdb[(string?)trigger["timeZone"] ?? "UTC"];
        _startCounts = start is not null;
        var minute = saved.InUtc().LocalDateTime;
        _start = start is not null ? At(start) : minute.Date.AtMidnight().PlusMinutes((minute.Hour * 60) + minute.Minute).InUtc().ToInstant();
        _anchor = start is not null ? Wall(start) : _start.InZone(_zone).LocalDateTime;
        _end = end is null ? null : At(end);
        _hours = [.. Enumerable.Range(0, 24).Select(hour => _cron is not null ? Field(_cron[1], hour, 23) : Numbers("hours")?.Contains(hour) ?? hour == _anchor.Hour)];
        _minutes = [.. Enumerable.Range(0, 60).Select(
            minute => _cron is not null ? Field(_cron[0], minute, 59) : Numbers("minutes")?.Contains(minute) ?? minute == _anchor.Minute)];
    }

    /// <summary>Occurrences from one instant, included, to another, excluded.</summary>
    public List<Instant> Between(Instant from, Instant to)
    {
        var found = new SortedSet<Instant>();
        if (Elapsed() is { } step)
        {
            for (var at = _start; at < to; at += step)
            {
                found.Add(at);
            }
        }
        else if (_cron?[1].StartsWith('*') == true)
        {
            EachRealMinute(from, to, found);
        }
        else
        {
            EachWallMinute(from, to, found);
        }

        return [.. found.Where(at => at >= from && at < to && (_startCounts ? at >= _start : at > _start) && (_end is null || at <= _end))];
    }

    private void EachRealMinute(Instant from, Instant to, SortedSet<Instant> found)
    {
        var first = Instant.FromUnixTimeSeconds(from.ToUnixTimeSeconds() / 60 * 60);
        for (var at = first; at < to; at += Duration.FromMinutes(1))
        {
            var wall = at.InZone(_zone).LocalDateTime;
            if (_hours[wall.Hour] && _minutes[wall.Minute] && IsDay(wall.Date))
            {
                found.Add(at);
            }
        }
    }

    private void EachWallMinute(Instant from, Instant to, SortedSet<Instant> found)
    {
        var last = to.InZone(_zone).Date.PlusDays(2);
        for (var day = from.InZone(_zone).Date.PlusDays(-2); day <= last; day = day.PlusDays(1))
        {
            var minutes = IsDay(day) ? 1440 : 0;
            for (var minute = 0; minute < minutes; minute++)
            {
                if (_hours[minute / 60] && _minutes[minute % 60])
                {
                    found.Add(At(day.At(new LocalTime(minute / 60, minute % 60)), _zone));
                }
            }
        }
    }

    private bool IsDay(LocalDate day)
    {
        if (_cron is not null)
        {
            var (inMonth, inWeek) = (Field(_cron[2], day.Day, 31), Field(_cron[4], (int)day.DayOfWeek % 7, 6));
            var both = _cron[2][0] == '*' || _cron[4][0] == '*';
            return Field(_cron[3], day.Month, 12) && (both ? inMonth && inWeek : inMonth || inWeek);
        }

        var interval = (int?)_trigger["interval"] ?? 1;
        var anchor = _anchor.Date;
        switch ((string)_trigger["frequency"]!)
        {
            case "Day":
                return Period.DaysBetween(anchor, day) % interval == 0;
            case "Week":
                var weeks = Period.DaysBetween(WeekOf(anchor), WeekOf(day)) / 7;
                return weeks % interval == 0 && (Texts("weekDays") is { } names ? names.Contains(day.DayOfWeek.ToString()) : day.DayOfWeek == anchor.DayOfWeek);
            default:
                return (((day.Year - anchor.Year) * 12) + day.Month - anchor.Month) % interval == 0 && IsDayOfMonth(day, anchor.Day);
        }
    }

    private bool IsDayOfMonth(LocalDate day, int anchorDay)
    {
        var length = day.Calendar.GetDaysInMonth(day.Year, day.Month);
        var occurrences = _trigger["schedule"]?["monthlyOccurrences"]?.AsArray();
        if (Numbers("monthDays") is null && occurrences is null)
        {
            return day.Day == Math.Min(anchorDay, length);
        }

        return Numbers("monthDays")?.Any(number => day.Day == (number > 0 ? number : length + 1 + number)) == true
            || occurrences?.Any(item => (string)item!["day"]! == day.DayOfWeek.ToString() && (int?)item["occurrence"] switch
            {
                null => true,
                > 0 and var number => (day.Day + 6) / 7 == number,
                var number => (length - day.Day + 7) / 7 == -number,
            }) == true;
    }

    private Duration? Elapsed() => (string?)_trigger["frequency"] switch
    {
        "Minute" => Duration.FromMinutes((int?)_trigger["interval"] ?? 1),
        "Hour" => Duration.FromHours((int?)_trigger["interval"] ?? 1),
        _ => null,
    };

    private static bool Field(string text, int value, int maximum) => text.Split(',').Any(item =>
    {
        var parts = item.Split('/');
        var step = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 1;
        if (parts[0] == "*")
        {
            // Days and months count from 1, the others from 0.
            return (value - (maximum is 31 or 12 ? 1 : 0)) % step == 0;
        }

        var ends = parts[0].Split('-').Select(Number).ToArray();
        var last = ends.Length > 1 ? ends[1] : parts.Length > 1 ? maximum : ends[0];
        return value >= ends[0] && value <= last && (value - ends[0]) % step == 0;
    });

    private static int Number(string text) => Array.IndexOf(Names, text.ToUpperInvariant()) is >= 0 and var day ? day : int.Parse(text, CultureInfo.InvariantCulture);

    private HashSet<int>? Numbers(string name) => _trigger["schedule"]?[name] is JsonArray { Count: > 0 } list ? [.. list.Select(item => (int)item!)] : null;

    private HashSet<string>? Texts(string name) => _trigger["schedule"]?[name] is JsonArray { Count: > 0 } list ? [.. list.Select(item => (string)item!)] : null;

    private static LocalDate WeekOf(LocalDate day) => day.DayOfWeek == IsoDayOfWeek.Sunday ? day : day.Previous(IsoDayOfWeek.Sunday);

    private Instant At(string time) => At(Wall(time), time[^1] == 'Z' ? DateTimeZone.Utc : _zone);

    private static LocalDateTime Wall(string time) => LocalDateTimePattern.GeneralIso.Parse(time.TrimEnd('Z')).GetValueOrThrow();

    /// <summary>Absent wall times by the offset before the gap, which shifts them forward; those that come twice at the first.</summary>
    private static Instant At(LocalDateTime wall, DateTimeZone zone)
    {
        var map = zone.MapLocal(wall);
        return map.Count == 0 ? wall.WithOffset(map.EarlyInterval.WallOffset).ToInstant() : map.First().ToInstant();
    }
}
