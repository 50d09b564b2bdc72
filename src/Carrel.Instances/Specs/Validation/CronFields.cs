using System.Globalization;
using Carrel.Instances.Schedules;

namespace Carrel.Instances.Specs.Validation;

/// <summary>What reading an expression gave; exactly one of the two is set.</summary>
/// <param name="Expression">The expression.</param>
/// <param name="Problem">What is wrong with it, as a sentence.</param>
internal sealed record CronReading(CronExpression? Expression, string? Problem);

/// <summary>
/// The grammar of cron expressions (contract 3.2): five fields of numbers, names, ranges, steps and lists. When an expression fires is not
/// decided here.
/// </summary>
internal static class CronFields
{
    private static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    private static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    private static readonly Field[] Fields =
    [
        new("minute", 0, 59, []), new("hour", 0, 23, []), new("day of month", 1, 31, []), new("month", 1, 12, Months), new("day of week", 0, 6, Days),
    ];

    /// <summary>Reads an expression.</summary>
    public static CronReading Read(string? expression)
    {
        var texts = Split(expression ?? "");
        if (texts.Length != Fields.Length)
        {
            return new CronReading(null, "A cron expression has five fields: minute, hour, day of month, month, day of week.");
        }

        var sets = new ulong[Fields.Length];
        for (var i = 0; i < Fields.Length; i++)
        {
            if (Fields[i].Read(texts[i], out sets[i]) is { } problem)
            {
                return new CronReading(null, problem);
            }
        }

        return new CronReading(new CronExpression(sets[0], sets[1], sets[2], sets[3], sets[4], Star(1), Star(2), Star(4)), null);

        bool Star(int field) => texts[field].StartsWith('*');
    }

    /// <summary>The expression with one blank between its fields.</summary>
    public static string Trim(string expression) => string.Join(' ', Split(expression));

    private static string[] Split(string expression) =>
        expression.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private sealed record Field(string Name, int Minimum, int Maximum, string[] Names)
    {
        /// <summary>Reads the values of the field; what is wrong with it, or null.</summary>
        public string? Read(string text, out ulong values)
        {
            values = 0UL;
            foreach (var item in text.Split(','))
            {
                if (Range(item) is not var (first, last, step))
                {
                    return Unreadable(item);
                }

                if (first > last)
                {
                    return Backwards(item);
                }

                for (var value = first; value <= last; value += step)
                {
                    values |= 1UL << value;
                }
            }

            return null;
        }

        private string Unreadable(string item) =>
            $"'{ComputeInstanceValidator.Shorten(item)}' in the {Name} field of a cron expression is not understood: it takes *, numbers {Minimum} to {Maximum}, ranges a-b, steps /n and comma lists"
            + (Names.Length > 0 ? $", and the names {Names[0]} to {Names[^1]}." : ".");

        // A range over the end of the field is two; with a step the second would begin anywhere, so no words are put into anybody's mouth.
        private string Backwards(string item)
        {
            var ends = item.Split('-');
            var (last, first) = char.IsAsciiLetter(item[0]) ? (Names[^1], Names[0]) : ($"{Maximum}", $"{Minimum}");
            return $"'{item}' in the {Name} field of a cron expression runs backwards, and a range must not: "
                + (item.Contains('/', StringComparison.Ordinal) ? "begin with the smaller value." : $"write '{ends[0]}-{last},{first}-{ends[1]}'.");
        }

        /// <summary>The range of an item, which may run backwards; null when it is none.</summary>
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
            return (first, last, step);
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
