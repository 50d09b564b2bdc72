using System.Globalization;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Yaml;

/// <summary>
/// A mapping of a file whose keys are known beforehand: an unknown one is refused with its line when the section is opened.
/// A key with no value counts as absent.
/// </summary>
internal sealed class YamlSection
{
    private readonly string _file;
    private readonly string _path;
    private readonly YamlMap _map;
    private readonly List<string> _dropped;

    private YamlSection(string file, string path, YamlMap map, string[] keys, string[] outputOnly, List<string> dropped)
    {
        (_file, _path, _map, _dropped) = (file, path, map, dropped);
        foreach (var (key, value) in map.Entries)
        {
            if (outputOnly.Contains(key.Value))
            {
                // What was not written by a person (line 0) is nobody's wish, so nothing is lost.
                if (value is not YamlScalar { IsNull: true } && key.Line > 0)
                    dropped.Add(Name(key.Value));
            }
            else if (!keys.Contains(key.Value))
            {
                throw Problem(key.Line, $"unknown key '{Name(key.Value)}'{Guess(key.Value, keys)}");
            }
        }
    }

    /// <summary>Opens the whole file.</summary>
    /// <param name="file">Name of the file for messages.</param>
    /// <param name="map">Its content.</param>
    /// <param name="keys">Keys it may have.</param>
    /// <param name="outputOnly">Keys that 'show' prints and that are left out again.</param>
    /// <param name="dropped">Collects the output-only keys that were found, of this and of all inner sections.</param>
    public static YamlSection Open(string file, YamlMap map, string[] keys, string[] outputOnly, List<string> dropped) =>
        new(file, string.Empty, map, keys, outputOnly, dropped);

    /// <summary>An inner mapping; null when absent.</summary>
    public YamlSection? Section(string key, string[] keys, params string[] outputOnly) =>
        Find(key) is { } item ? Open(key, item, keys, outputOnly) : null;

    /// <summary>The mappings of an inner list; empty when absent.</summary>
    public List<YamlSection> Sections(string key, string[] keys, params string[] outputOnly) =>
        Items(key, scalarIsList: false).Select((item, index) => Open($"{key}[{index}]", item, keys, outputOnly)).ToList();

    /// <summary>The elements of an inner list; empty when absent.</summary>
    public IReadOnlyList<YamlItem> Items(string key, bool scalarIsList) => Find(key) switch
    {
        null => [],
        YamlList list => list.Items,
        YamlScalar scalar when scalarIsList => [scalar],
        var item => throw Problem(item.Line, $"'{Name(key)}' must be a list"),
    };

    /// <summary>Opens an element of <see cref="Items"/> as a mapping.</summary>
    public YamlSection Open(string name, YamlItem item, string[] keys, params string[] outputOnly) => item is YamlMap map
        ? new YamlSection(_file, Name(name), map, keys, outputOnly, _dropped)
        : throw Problem(item.Line, $"'{Name(name)}' must hold 'key: value' lines");

    /// <summary>Text; null when absent.</summary>
    public string? Text(string key) => Find(key) is { } item ? TextOf(key, item) : null;

    /// <summary>Text that must be there.</summary>
    public string RequiredText(string key) => Text(key) is { Length: > 0 } text ? text : throw Problem(_map.Line, $"'{Name(key)}' is missing");

    /// <summary>One word of a set, compared without regard to case, as the set spells it.</summary>
    public string? Word(string key, params string[] words)
    {
        if (Text(key) is not { } text)
            return null;
        return words.FirstOrDefault(word => word.Equals(text, StringComparison.OrdinalIgnoreCase))
            ?? throw ProblemAt(key, $"'{Name(key)}' is '{text}'; it must be one of {string.Join(", ", words)}");
    }

    /// <summary>A yes or no; null when absent.</summary>
    public bool? Flag(string key) => Text(key) is not { } text ? null
        : YamlWords.Flag(text) ?? throw ProblemAt(key, $"'{Name(key)}' is '{text}'; it must be true or false");

    /// <summary>A whole number, quoted or not; null when absent.</summary>
    public int? Number(string key) => Find(key) is { } item ? NumberOf(key, item) : null;

    /// <summary>Whole numbers, one or a list of them.</summary>
    public int[] Numbers(string key) => [.. Items(key, scalarIsList: true).Select(item => NumberOf(key, item))];

    /// <summary>Words, one or a list of them.</summary>
    public string[] Texts(string key) => [.. Items(key, scalarIsList: true).Select(item => TextOf(key, item))];

    /// <summary>A mapping of text to text, keys chosen by the user; null when absent.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Pairs(string key) => Find(key) switch
    {
        null => null,
        YamlMap map => [.. map.Entries.Select(entry => KeyValuePair.Create(entry.Key.Value,
            entry.Value is YamlScalar { IsNull: true } ? string.Empty : TextOf($"{key}.{entry.Key.Value}", entry.Value)))],
        var item => throw Problem(item.Line, $"'{Name(key)}' must hold 'key: value' lines"),
    };

    /// <summary>Whether the key is there with a value.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>A complaint about the value of a key.</summary>
    public CliException ProblemAt(string key, string message) => Problem(Find(key)?.Line ?? _map.Line, message);

    /// <summary>A key with the path of its section.</summary>
    public string Name(string key) => _path.Length == 0 ? key : $"{_path}.{key}";

    private YamlItem? Find(string key)
    {
        foreach (var entry in _map.Entries)
        {
            if (entry.Key.Value == key)
                return entry.Value is YamlScalar { IsNull: true } ? null : entry.Value;
        }
        return null;
    }

    private string TextOf(string key, YamlItem item) =>
        (item as YamlScalar)?.Value ?? throw Problem(item.Line, $"'{Name(key)}' must be a single value");

    private int NumberOf(string key, YamlItem item)
    {
        var text = TextOf(key, item);
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number : throw Problem(item.Line, $"'{Name(key)}' is '{text}'; it must be a whole number");
    }

    private CliException Problem(int line, string message) => CliException.Usage(
        $"{(line > 0 ? $"{_file}:{line}: " : string.Empty)}{message}{(message.EndsWith('?') ? string.Empty : ".")}");

    private static string Guess(string key, string[] keys)
    {
        var plain = Letters(key);
        var near = keys.FirstOrDefault(candidate => Letters(candidate) == plain)
            ?? keys.FirstOrDefault(candidate => plain.Length > 2 && Letters(candidate).StartsWith(plain, StringComparison.Ordinal));
        return near is null ? string.Empty : $"; did you mean '{near}'?";
    }

    private static string Letters(string key) => string.Concat(key.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
