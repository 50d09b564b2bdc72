using System.Text.Json.Nodes;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Computes;

/// <summary>Tells whether an instance whose operation succeeded can nevertheless not be used (contract 5.4).</summary>
internal static class SetupReport
{
    /// <summary>What to tell the person; null when the instance is well.</summary>
    public static string? Failure(JsonObject resource)
    {
        var outer = resource["properties"];
        var inner = outer?["properties"];
        var state = inner?["state"]?.ToString();
        if (state is not ("UserSetupFailed" or "SetupFailed" or "CreateFailed"))
            return null;
        var errors = inner?["errors"] as JsonArray ?? outer?["provisioningErrors"] as JsonArray ?? [];
        var lines = errors.Select(entry => ServerError.Describe(entry)).Where(line => line is not null);
        return string.Join('\n', lines.Prepend($"The instance {resource["name"]} exists, but its state is {state}."));
    }
}
