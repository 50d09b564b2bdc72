namespace Carrel.Arm.Pipeline;

/// <summary>The scope an action is authorised at: the resource of the path, without the name of a call on it.</summary>
internal static class ArmScope
{
    /// <summary>The scope of a request: a resource, a resource group, a subscription or <c>/</c>.</summary>
    internal static string Of(ArmRequest request)
    {
        // Decoded as routing decodes it, so that role scopes compare with what the handlers act on.
        string[] segments = (request.Http.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        return "/" + string.Join('/', segments[..Length(segments)]);
    }

    // /subscriptions/S [/resourceGroups/G] [/providers/N (/type/name)*]*: a provider without a resource, a trailing type without a name, or a
    // call, is no part of the scope.
    private static int Length(string[] segments)
    {
        int named = 0;
        for (int at = 0; at + 1 < segments.Length; at += 2)
        {
            if (!segments[at].Equals("providers", StringComparison.OrdinalIgnoreCase))
                named = at + 2;
        }

        return named;
    }
}
