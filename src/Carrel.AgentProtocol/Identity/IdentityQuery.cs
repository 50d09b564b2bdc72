namespace Carrel.AgentProtocol.Identity;

/// <summary>Reads the query of a question for a token, as both endpoints take it (contract 9.3). Pure.</summary>
public static class IdentityQuery
{
    private const int LongestResource = 512;

    private static readonly (string Name, IdentitySelector Selector)[] Selectors =
    [
        ("clientid", IdentitySelector.ClientId),
        ("client_id", IdentitySelector.ClientId),
        ("object_id", IdentitySelector.ObjectId),
        ("principal_id", IdentitySelector.ObjectId),
        ("mi_res_id", IdentitySelector.ResourceId),
        ("msi_res_id", IdentitySelector.ResourceId),
    ];

    /// <summary>Reads a query.</summary>
    /// <param name="query">As sent, with or without its question mark.</param>
    /// <param name="isVersion">Whether the endpoint knows an api-version.</param>
    /// <param name="versions">What it knows, for the message.</param>
    public static IdentityReading Read(string query, Func<string, bool> isVersion, string versions)
    {
        List<(string Name, string Value)> parameters = [.. Parse(query)];
        string[] known = ["api-version", "resource", .. Selectors.Select(selector => selector.Name)];
        if (known.FirstOrDefault(name => parameters.Count(parameter => Is(parameter.Name, name)) > 1) is { } twice)
        {
            return IdentityRefusal.InvalidRequest($"The parameter '{twice}' was sent more than once.");
        }

        string? Value(string name) => parameters.Where(parameter => Is(parameter.Name, name)).Select(parameter => parameter.Value).FirstOrDefault();
        if (Value("api-version") is not { } version || !isVersion(version))
        {
            return IdentityRefusal.InvalidRequest($"The parameter 'api-version' must be {versions}.");
        }

        if (Value("resource") is not { Length: > 0 and <= LongestResource } resource)
        {
            return IdentityRefusal.InvalidRequest("The parameter 'resource' must say for whom the token is to be, such as https://management.azure.com.");
        }

        // "None" is what a Python program writes when the variable is not set (contract 9.3).
        (IdentitySelector Selector, string Named)[] named =
        [
            .. Selectors.Select(selector => (selector.Selector, Named: Value(selector.Name) ?? ""))
                .Where(selector => selector.Named.Length > 0 && !(selector.Selector == IdentitySelector.ClientId && selector.Named == "None")),
        ];
        return named switch
        {
            [] => new IdentityQuestion(resource),
            [var only] when only.Named.Length <= LongestResource => new IdentityQuestion(resource, only.Selector, only.Named),
            [_] => IdentityRefusal.InvalidRequest("The identity's name is too long."),
            _ => IdentityRefusal.InvalidRequest("Name the identity by one parameter only."),
        };
    }

    private static bool Is(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<(string Name, string Value)> Parse(string query)
    {
        foreach (string part in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = part.Split('=', 2);
            yield return (Decode(pair[0]), pair.Length == 2 ? Decode(pair[1]) : "");
        }
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
