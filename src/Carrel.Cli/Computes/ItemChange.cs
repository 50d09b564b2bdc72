using Carrel.Cli.Yaml;

namespace Carrel.Cli.Computes;

/// <summary>One wish of the command line: what of an instance file it is about, and what it makes of the file.</summary>
internal sealed record ItemChange(ItemPath Path, Func<YamlMap, YamlMap> Apply)
{
    /// <summary>A value for a path.</summary>
    public static ItemChange Set(ItemPath path, YamlItem value) => new(path, map => ItemEdits.Set(map, path, value));

    /// <summary>A text for a path; text is text here, whatever it looks like.</summary>
    public static ItemChange Set(string path, string text) => Set(ItemPath.Parse(path), new YamlScalar(text, false, 0));

    /// <summary>All wishes, in order.</summary>
    public static YamlMap ApplyAll(YamlMap map, IEnumerable<ItemChange> changes) => changes.Aggregate(map, (now, change) => change.Apply(now));
}
