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
        string group = segments.Length > 3 ? segments[3] : "";
        if (segments.Length > 6)
        {
            string type = string.Join('/', segments[5..].Where((_, index) => index % 2 == 1 || index == 0));
            return new EventTarget(group, segments[5], type, type + "/read");
        }

        return group.Length > 0
            ? new EventTarget(group, Resources, "Microsoft.Resources/subscriptions/resourceGroups", Actions.ResourceGroupRead)
            : new EventTarget("", Resources, "Microsoft.Resources/subscriptions", Actions.SubscriptionRead);
    }
}
