namespace Carrel.Api.History;

/// <summary>What the resource id of an event's target says. Pure.</summary>
/// <param name="Group">Resource group, or empty.</param>
/// <param name="Provider">Provider namespace.</param>
/// <param name="Type">Resource type.</param>
/// <param name="ReadAction">The action that lets somebody see it.</param>
internal sealed record EventTarget(string Group, string Provider, string Type, string ReadAction)
{
    private const string Resources = "Microsoft.Resources";

    internal static EventTarget Of(string resourceId)
    {
        string[] segments = resourceId.Split('/', StringSplitOptions.RemoveEmptyEntries);
        string group = segments.Length > 3 && Is(segments[2], "resourceGroups") ? segments[3] : "";
        // Behind "providers" stand the namespace and pairs of type and name; what extends a resource, such as a role on it, has a provider of its own.
        string[] provided = [.. segments.Skip(Array.FindLastIndex(segments, segment => Is(segment, "providers")) is >= 0 and var at ? at + 1 : segments.Length)];
        if (provided.Length > 1)
        {
            string type = string.Join('/', provided.Where((_, index) => index == 0 || index % 2 == 1));
            return new EventTarget(group, provided[0], type, type + "/read");
        }

        return group.Length > 0
            ? new EventTarget(group, Resources, "Microsoft.Resources/subscriptions/resourceGroups", Actions.ResourceGroupRead)
            : new EventTarget("", Resources, "Microsoft.Resources/subscriptions", Actions.SubscriptionRead);
    }

    private static bool Is(string segment, string word) => segment.Equals(word, StringComparison.OrdinalIgnoreCase);
}
