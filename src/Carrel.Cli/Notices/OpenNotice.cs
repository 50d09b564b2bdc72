using System.Text.Json.Nodes;
using Carrel.Cli.Errors;
using Carrel.Cli.Http;

namespace Carrel.Cli.Notices;

/// <summary>Finds the announced stop that a verb is about: the one that was named, or the next that is still to come.</summary>
internal static class OpenNotice
{
    /// <summary>Its path below the server.</summary>
    /// <param name="client">The client.</param>
    /// <param name="compute">Path of the instance.</param>
    /// <param name="name">Name of the instance, for messages.</param>
    /// <param name="id">The notice's id, or null for the next one.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="CliException">No stop is announced.</exception>
    public static async Task<string> FindAsync(ArmClient client, string compute, string name, string? id, CancellationToken cancel)
    {
        if (id is not null)
            return $"{compute}/scheduledEvents/{Uri.EscapeDataString(id)}";
        var rows = await client.ListAsync(Commands.CommandContext.Versioned($"{compute}/scheduledEvents"), cancel);
        var next = rows.Where(IsOpen).MinBy(row => row["properties"]?["fireAt"]?.ToString(), StringComparer.Ordinal)
            ?? throw new CliException(ExitCode.NotFound, $"No stop of {name} is announced just now: carrel compute preview {name} shows what is to come.");
        return $"{compute}/scheduledEvents/{next["name"]}";
    }

    private static bool IsOpen(JsonObject row) => row["properties"]?["state"]?.ToString() is "Pending" or "Snoozed";
}
