using Carrel.Cli.Errors;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Carrel.Cli.Yaml;

/// <summary>
/// Reads one YAML document into <see cref="YamlItem"/>s. It uses the event parser alone: nothing is bound by reflection, so trimming is safe,
/// and no tag of the file can make an object.
/// </summary>
internal sealed class YamlFile
{
    private const int DeepestLevel = 64;
    private readonly Parser _parser;
    private readonly string _name;
    private readonly Dictionary<string, YamlItem> _anchors = new(StringComparer.Ordinal);

    private YamlFile(string name, string text)
    {
        _name = name;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The mapping that the document is.</summary>
    /// <param name="name">Name of the file for messages.</param>
    /// <param name="text">Its content.</param>
    /// <exception cref="CliException">Not YAML, not one document, or not a mapping.</exception>
    public static YamlMap Parse(string name, string text)
    {
        try
        {
            return new YamlFile(name, text).Document() as YamlMap ?? throw CliException.Usage($"{name}: it holds no 'key: value' lines.{Hint(text)}");
        }
        catch (YamlException problem)
        {
            throw CliException.Usage($"{name}:{problem.Start.Line}: not valid YAML: {problem.Message}{Hint(text)}");
        }
    }

    /// <summary>A value of the command line: JSON or YAML lists and mappings in one line, quoted text, else the text as it is.</summary>
    public static YamlItem Value(string text)
    {
        if (text.Length == 0)
            return new YamlScalar(text, false, 0);
        if (text[0] is '[' or '{' or '"' or '\'')
        {
            try
            {
                if (new YamlFile("--set", text).Document() is { } item)
                    return WithoutLines(item);
            }
            catch (Exception problem) when (problem is YamlException or CliException)
            {
                // "[draft] notes" is a description, not a list: az too takes what it cannot parse as text.
            }
        }
        return new YamlScalar(text, true, 0);
    }

    private static YamlItem WithoutLines(YamlItem item) => item switch
    {
        YamlMap map => new YamlMap([.. map.Entries.Select(entry => KeyValuePair.Create(entry.Key with { Line = 0 }, WithoutLines(entry.Value)))], 0),
        YamlList list => new YamlList([.. list.Items.Select(WithoutLines)], 0),
        _ => item with { Line = 0 },
    };

    private YamlItem? Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
            return null;
        _parser.Consume<DocumentStart>();
        var root = Read(0);
        _parser.Consume<DocumentEnd>();
        if (!_parser.Accept<StreamEnd>(out _))
            throw CliException.Usage($"{_name}:{_parser.Current?.Start.Line}: a second document begins here; give one document per file.");
        return root;
    }

    private YamlItem Read(int level)
    {
        var line = (int)(_parser.Current?.Start.Line ?? 0);
        if (level > DeepestLevel)
            throw CliException.Usage($"{_name}:{line}: nested too deeply.");
        if (_parser.TryConsume<AnchorAlias>(out var alias))
            return _anchors.TryGetValue(alias.Value.Value, out var known) ? known : throw CliException.Usage($"{_name}:{line}: nothing is called '&{alias.Value}'.");
        var anchor = (_parser.Current as NodeEvent)?.Anchor ?? AnchorName.Empty;
        var item = ReadContent(level, line);
        if (!anchor.IsEmpty)
            _anchors[anchor.Value] = item;
        return item;
    }

    private YamlItem ReadContent(int level, int line)
    {
        if (_parser.TryConsume<Scalar>(out var scalar))
            return new YamlScalar(scalar.Value, scalar.Style == ScalarStyle.Plain, line);
        if (_parser.TryConsume<SequenceStart>(out _))
        {
            var items = new List<YamlItem>();
            while (!_parser.TryConsume<SequenceEnd>(out _))
                items.Add(Read(level + 1));
            return new YamlList(items, line);
        }
        _parser.Consume<MappingStart>();
        var entries = new List<KeyValuePair<YamlScalar, YamlItem>>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = Read(level + 1) as YamlScalar ?? throw CliException.Usage($"{_name}:{line}: a key must be a word.");
            if (entries.Any(entry => entry.Key.Value == key.Value))
                throw CliException.Usage($"{_name}:{key.Line}: the key '{key.Value}' is given twice.");
            entries.Add(new(key, Read(level + 1)));
        }
        return new YamlMap(entries, line);
    }

    /// <summary>A published sample begins with the bare address of the schema: say what is missing rather than what a parser thinks of it.</summary>
    private static string Hint(string text)
    {
        var first = text.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0 && line[0] != '#' && line != "---");
        return first?.StartsWith("http", StringComparison.OrdinalIgnoreCase) == true
            ? "\nThe first line is a bare address: put '$schema: ' before it." : string.Empty;
    }
}
