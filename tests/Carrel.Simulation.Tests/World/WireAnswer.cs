using System.Text.Json.Nodes;

namespace Carrel.Simulation.Tests.World;

/// <summary>An answer of the server.</summary>
internal sealed record WireAnswer(int Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The body.</summary>
    internal JsonNode Body => JsonNode.Parse(Text)!;

    /// <summary>The code of a refusal; empty when there is none.</summary>
    internal string Code => Status >= 400 ? Body["error"]?["code"]?.GetValue<string>() ?? "" : "";
}
