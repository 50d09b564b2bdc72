namespace Carrel.Cli.Yaml;

/// <summary>A value of a YAML document with the line where it begins (from 1), so that every complaint can name its place.</summary>
internal abstract record YamlItem(int Line);

/// <summary>A scalar; <paramref name="Plain"/> tells whether it was written without quotes, since only then it can mean null.</summary>
internal sealed record YamlScalar(string Value, bool Plain, int Line) : YamlItem(Line)
{
    /// <summary>Whether it means "nothing".</summary>
    public bool IsNull => Plain && (Value is "" or "~" or "null" or "Null" or "NULL");
}

/// <summary>A list.</summary>
internal sealed record YamlList(IReadOnlyList<YamlItem> Items, int Line) : YamlItem(Line);

/// <summary>A mapping in the order of the file.</summary>
internal sealed record YamlMap(IReadOnlyList<KeyValuePair<YamlScalar, YamlItem>> Entries, int Line) : YamlItem(Line);
