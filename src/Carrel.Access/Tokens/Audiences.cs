namespace Carrel.Access.Tokens;

/// <summary>For whom tokens are issued: Carrel itself under its own and under Azure's public names, a trailing slash more or less.</summary>
public sealed class Audiences
{
    private readonly HashSet<string> _known;

    /// <summary>Reads the configured ones.</summary>
    public Audiences(AccessOptions options)
    {
        string[] names = [options.Origin, "https://management.azure.com", "https://management.core.windows.net", .. options.AdditionalAudiences];
        _known = names.Select(name => name.TrimEnd('/')).SelectMany(name => new[] { name, name + "/" }).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Default = options.Origin;
    }

    /// <summary>Carrel's own, used when a person's client names none.</summary>
    public string Default { get; }

    /// <summary>Whether a token may be issued for this audience, and is accepted with it.</summary>
    public bool Know(string audience) => _known.Contains(audience);
}
