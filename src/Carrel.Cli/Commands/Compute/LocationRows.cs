using System.CommandLine;
using System.Text.Json.Nodes;

namespace Carrel.Cli.Commands.Compute;

/// <summary>The lists that belong to a location: sizes and usage.</summary>
internal static class LocationRows
{
    /// <summary>The rows of a list at --location, CARREL_LOCATION, or the workspace's location.</summary>
    public static async Task<List<JsonObject>> ReadAsync(CommandContext context, ParseResult parsed, ScopeOptions scope, string list, CancellationToken cancel)
    {
        var location = context.Settings.Optional(scope.GivenLocation(parsed), "CARREL_LOCATION", "location")
            ?? (await context.GetResourceAsync(scope.Workspace(parsed, context.Settings), cancel))["location"]?.ToString() ?? "local";
        return await context.Client.ListAsync(CommandContext.Versioned($"{scope.Location(parsed, context.Settings, location)}/{list}"), cancel);
    }
}
