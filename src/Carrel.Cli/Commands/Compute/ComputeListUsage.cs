using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Computes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Output;

namespace Carrel.Cli.Commands.Compute;

/// <summary><c>carrel compute list-usage</c> (Usages_List).</summary>
internal sealed class ComputeListUsage(CliHost host) : ResultVerb(host, "list-usage", "List what is used of the quota of a location.", Columns)
{
    private static readonly IReadOnlyList<Column> Columns =
        [new("NAME", "name.localized_value"), new("USED", "current_value"), new("LIMIT", "limit"), new("UNIT", "unit"), new("OF", "scope")];

    private readonly ScopeOptions _scope = new();

    /// <inheritdoc/>
    protected override void AddOwnOptions(Command command)
    {
        _scope.AddLocationTo(command);
        _scope.AddWorkspaceTo(command);
    }

    /// <inheritdoc/>
    protected override async Task<JsonNode> ResultAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await OpenAsync(cancel);
        var rows = await LocationRows.ReadAsync(context, parsed, _scope, "usages", cancel);
        return new JsonArray([.. rows.Select(View)]);
    }

    private static JsonObject View(JsonObject row) => new()
    {
        ["id"] = ComputeView.Copy(row["id"]),
        ["name"] = ComputeView.Snake(row["name"], "value", "localizedValue"),
        ["type"] = ComputeView.Copy(row["type"]),
        ["unit"] = ComputeView.Copy(row["unit"]),
        ["current_value"] = ComputeView.Copy(row["currentValue"]),
        ["limit"] = ComputeView.Copy(row["limit"]),
        ["scope"] = Scope(row["id"]?.ToString() ?? ""),
    };

    /// <summary>Whose share a row is: several have the name of the same family. Null for the subscription's own.</summary>
    private static string? Scope(string id)
    {
        var words = id.Split('/');
        return Named("computes") ?? Named("workspaces");

        string? Named(string type)
        {
            var place = Array.FindIndex(words, word => word.Equals(type, StringComparison.OrdinalIgnoreCase));
            return place >= 0 && place + 1 < words.Length ? words[place + 1] : null;
        }
    }
}
