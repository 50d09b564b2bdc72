namespace Carrel.Conformance.Description;

/// <summary>
/// Members that Carrel answers although the description of the newest stable version does not know them, each with its reason:
/// lines <c>Type.member reason</c> in <c>openapi/allowed.txt</c>.
/// </summary>
internal sealed class AllowedMembers
{
    private readonly Dictionary<string, string> _reasons;
    private readonly HashSet<string> _used = [];

    /// <summary>Reads the file.</summary>
    /// <exception cref="InvalidDataException">A line has no reason.</exception>
    public AllowedMembers(IEnumerable<string> lines) => _reasons = lines
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split(' ', 2, StringSplitOptions.TrimEntries))
        .ToDictionary(parts => parts[0], parts => parts is [_, { Length: > 0 } reason] ? reason : throw new InvalidDataException($"'{parts[0]}' is allowed without a reason."));

    /// <summary>Lines that nothing needed: the member is gone, or documented by now.</summary>
    public IEnumerable<string> Unused => _reasons.Keys.Except(_used);

    /// <summary>Whether a member of a type is allowed.</summary>
    public bool Allows(string type, string member)
    {
        string name = $"{type}.{member}";
        return _reasons.ContainsKey(name) && (_used.Add(name) || true);
    }
}
