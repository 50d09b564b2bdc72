using System.Globalization;

namespace Carrel.Instances.Specs.Validation;

/// <summary>
/// The grammar of cron expressions (contract 3.2): five fields of numbers, names, ranges, steps and lists. When an expression fires is not
/// decided here.
/// </summary>
internal static class CronFields
{
    private static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    private static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
    private static readonly int[] LongestMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

    private static readonly Field[] Fields =
    [
        new("minute", 0, 59, []), new("hour", 0, 23, []), new("day of month", 1, 31, []), new("month", 1, 12, Months), new("day of week", 0, 6, Days),
    ];

    /// <summary>What is wrong with an expression, or null.</summary>
    public static string? Problem(string? expression)
    {
        var texts = Split(expression ?? "");
        if (texts.Length != Fields.Length)
        {
            return "A cron expression has five fields: minute, hour, day of month, month, day of week.";
        }

        var sets = new SortedSet<int>?[Fields.Length];
        for (var i = 0; i < Fields.Length; i++)
        {
            sets[i] = Fields[i].Read(texts[i]);
            if (sets[i] is null)
            {
                return $"The {Fields[i].Name} field of a cron expression takes *, numbers {Fields[i].Minimum} to {Fields[i].Maximum}, ranges a-b, steps /n and comma lists"
                    + (Fields[i].Names.Length > 0 ? $", and the names {Fields[i].Names[0]} to {Fields[i].Names[^1]}." : ".");
            }
        }

        // With a restricted day of week another day may match; otherwise a month must be long enough for the first day asked for.
        var anyWeekDay = texts[4].StartsWith('*');
        return anyWeekDay && !sets[3]!.Any(month => sets[2]!.Min <= LongestMonths[month - 1]) ? "The cron expression can never match a date." : null;
    }

    /// <summary>The expression with one blank between its fields.</summary>
    public static string Trim(string expression) => string.Join(' ', Split(expression));

    private static string[] Split(string expression) =>
        expression.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private sealed record Field(string Name, int Minimum, int Maximum, string[] Names)
    {
        public SortedSet<int>? Read(string text)
        {
            var values = new SortedSet<int>();
            foreach (var item in text.Split(','))
            {
                if (Range(item) is not var (first, last, step))
                {
                    return null;
                }

                for (var value = first; value <= last; value += step)
                {
                    values.Add(value);
                }
            }

            return values;
        }

        private (int First, int Last, int Step)? Range(string item)
        {
            var slash = item.Split('/');
            var step = 1;
            if (slash.Length > 2 || (slash.Length == 2 && (!Number(slash[1], out step) || step == 0)))
            {
                return null;
            }

            if (slash[0] == "*")
            {
                return (Minimum, Maximum, step);
            }

            var ends = slash[0].Split('-');
            if (ends.Length > 2 || Value(ends[0]) is not { } first || Value(ends[^1]) is not { } last)
            {
                return null;
            }

            last = ends.Length == 1 && slash.Length == 2 ? Maximum : last;
            return first <= last ? (first, last, step) : null;
        }

        private int? Value(string text)
        {
            var index = Array.FindIndex(Names, name => EnumWord.Same(name, text));
            if (index >= 0)
            {
                return index + Minimum;
            }

            return Number(text, out var number) && number >= Minimum && number <= Maximum ? number : null;
        }

        private static bool Number(string text, out int number)
        {
            number = 0;
            return text.Length is > 0 and <= 4 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        }
    }
}
