using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;

namespace Carrel.Cli.Output;

/// <summary>The value of <c>-o</c>.</summary>
internal enum OutputFormat
{
    /// <summary>Indented JSON, the default as with az.</summary>
    Json,

    /// <summary>Columns for reading.</summary>
    Table,

    /// <summary>YAML.</summary>
    Yaml,

    /// <summary>Tab-separated values.</summary>
    Tsv,
}

/// <summary>Writes a command's result to standard output in the form that was asked for.</summary>
internal static class ResultWriter
{
    /// <summary>Writes an object or a list of objects.</summary>
    public static void Write(CliHost host, JsonNode result, OutputFormat format, IReadOnlyList<Column> columns) => host.Out.Write(format switch
    {
        OutputFormat.Table => TableText.Write(result is JsonArray list ? [.. list.OfType<JsonObject>()] : [result.AsObject()], columns),
        OutputFormat.Yaml => YamlText.Write(result),
        OutputFormat.Tsv => TsvText.Write(result),
        _ => JsonText.Pretty(result) + "\n",
    });
}
