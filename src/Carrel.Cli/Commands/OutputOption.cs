using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Output;

namespace Carrel.Cli.Commands;

/// <summary>The option <c>-o</c> and the writing that obeys it.</summary>
internal sealed class OutputOption
{
    private readonly Option<string> _format = new("--output", "-o")
    {
        Description = "Form of the result: json, table, yaml or tsv.",
        HelpName = "json|table|yaml|tsv",
        DefaultValueFactory = _ => "json",
    };

    /// <summary>Adds it to a command.</summary>
    public void AddTo(Command command)
    {
        _format.AcceptOnlyFromAmong("json", "table", "yaml", "tsv");
        command.Add(_format);
    }

    /// <summary>The form asked for.</summary>
    public OutputFormat Format(ParseResult parsed) => parsed.GetValue(_format) switch
    {
        "table" => OutputFormat.Table,
        "yaml" => OutputFormat.Yaml,
        "tsv" => OutputFormat.Tsv,
        _ => OutputFormat.Json,
    };

    /// <summary>Writes a result in the form asked for.</summary>
    public void Write(CliHost host, ParseResult parsed, JsonNode result, IReadOnlyList<Column> columns) =>
        ResultWriter.Write(host, result, Format(parsed), columns);
}
