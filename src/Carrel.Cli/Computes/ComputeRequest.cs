using System.Text.Json.Nodes;

namespace Carrel.Cli.Computes;

/// <summary>What a file and flags ask for: the body of the PUT without its location, which may have to be asked of the workspace.</summary>
internal sealed record ComputeRequest(string Name, string? Location, JsonObject Body, IReadOnlyList<string> Warnings);
