using System.Text.Json.Nodes;
using Carrel.Instances.Specs.Validation;

namespace Carrel.Instances.Specs.Updates;

/// <summary>Custom services of an update: one that was sent without its extra members is the stored one (contract 1.6).</summary>
internal static class CustomServiceUpdate
{
    public static IReadOnlyList<CustomServiceModel> Apply(
        IReadOnlyList<CustomServiceModel> stored, IReadOnlyList<CustomServiceSpec> sent, bool isPrivate, List<Finding> findings)
    {
        // Unchanged services are not validated again: the workspace may have become private since, and a PUT of what a GET gave must succeed.
        var partners = sent.Select(service => Partner(stored, service)).ToList();
        if (partners.TrueForAll(partner => partner is not null) && partners.Distinct().Count() == sent.Count)
        {
            return [.. partners.OfType<CustomServiceModel>()];
        }

        return [.. CustomServiceValidator.Validate(sent, isPrivate, findings).Select((model, i) => partners[i] ?? model)];
    }

    private static CustomServiceModel? Partner(IReadOnlyList<CustomServiceModel> stored, CustomServiceSpec sent) =>
        stored.FirstOrDefault(s => EnumWord.Same(s.Name, sent.Name) && Covers(JsonNode.Parse(s.Document), sent.Document, exact: false));

    /// <summary>
    /// Whether everything that was sent stands in the stored document. Environment variables are content and not members: one that is missing
    /// was taken away.
    /// </summary>
    private static bool Covers(JsonNode? stored, JsonNode? sent, bool exact) => (stored, sent) switch
    {
        (JsonObject s, JsonObject o) => (!exact || s.Count == o.Count) && o.All(member =>
            s.TryGetPropertyValue(member.Key, out var value) && Covers(value, member.Value, exact: member.Key == "environmentVariables")),
        (JsonArray s, JsonArray o) => s.Count == o.Count && s.Zip(o).All(pair => Covers(pair.First, pair.Second, exact: false)),
        _ => JsonNode.DeepEquals(stored, sent),
    };
}
