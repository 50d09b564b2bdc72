using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Carrel.Cli.Consoles;

namespace Carrel.Cli.Output;

/// <summary>A column of a table: its heading and the path of the value, members separated by dots.</summary>
internal sealed record Column(string Heading, string Path);

/// <summary>Rows for reading: one line each, two blanks between columns, a line below the headings.</summary>
internal static partial class TableText
{
    /// <summary>The table; a heading without rows when the list is empty.</summary>
    public static string Write(IReadOnlyList<JsonObject> rows, IReadOnlyList<Column> columns)
    {
        var cells = rows.Select(row => columns.Select(column => Cell(row, column.Path)).ToArray()).ToList();
        var widths = columns.Select((column, index) =>
            Math.Max(column.Heading.Length, cells.Select(row => row[index].Length).DefaultIfEmpty(0).Max())).ToArray();
        var text = new StringBuilder();
        Append(text, columns.Select(column => column.Heading), widths);
        Append(text, widths.Select(width => new string('-', width)), widths);
        foreach (var row in cells)
            Append(text, row, widths);
        return text.ToString();
    }

    private static void Append(StringBuilder text, IEnumerable<string> cells, int[] widths) =>
        text.Append(string.Join("  ", cells.Select((cell, index) => cell.PadRight(widths[index]))).TrimEnd()).Append('\n');

    private static string Cell(JsonObject row, string path)
    {
        JsonNode? node = row;
        foreach (var part in path.Split('.'))
            node = (node as JsonObject)?[part];
        var text = node is JsonArray list ? string.Join(", ", list.Select(item => item?.ToString())) : node?.ToString() ?? string.Empty;
        text = Fraction().Replace(text, "$1Z");
        return TerminalText.Clean(text).Replace('\n', ' ');
    }

    /// <summary>A UTC instant with parts of a second, which nobody reads in a table.</summary>
    [GeneratedRegex(@"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d+(Z|\+00:00)$", RegexOptions.CultureInvariant)]
    private static partial Regex Fraction();
}
