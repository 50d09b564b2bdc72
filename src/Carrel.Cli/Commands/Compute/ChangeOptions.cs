using System.CommandLine;
using System.Globalization;
using Carrel.Cli.Computes;
using Carrel.Cli.Errors;
using Carrel.Cli.Yaml;

namespace Carrel.Cli.Commands.Compute;

/// <summary><c>--set</c>, <c>--add</c> and <c>--remove</c> of az's generic update, with the keys of the instance file; applied in that order.</summary>
internal sealed class ChangeOptions
{
    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Set a key of the instance file: path=value, such as tags.team=vision; lists and maps as JSON.",
        HelpName = "path=value", AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string[]> _add = new("--add")
    {
        Description = "Append to a list of the instance file: a path and a value.", HelpName = "path value", AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string[]> _remove = new("--remove")
    {
        Description = "Remove a key of the instance file, or an element of a list: path, path[0], or path 0.",
        HelpName = "path", AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>Adds <c>--set</c> alone: what is made anew has nothing to remove.</summary>
    public void AddSetTo(Command command) => command.Add(_set);

    /// <summary>Adds all three.</summary>
    public void AddTo(Command command)
    {
        command.Add(_set);
        command.Add(_add);
        command.Add(_remove);
    }

    /// <summary>What they ask for.</summary>
    /// <exception cref="CliException">One of them cannot be understood.</exception>
    public List<ItemChange> Read(ParseResult parsed)
    {
        var changes = new List<ItemChange>();
        foreach (var text in parsed.GetValue(_set) ?? [])
        {
            var (path, value) = ItemPath.ParseAssignment(text, "--set");
            changes.Add(ItemChange.Set(path, YamlFile.Value(value)));
        }
        changes.AddRange(Additions(parsed.GetValue(_add) ?? []));
        changes.AddRange(Removals(parsed.GetValue(_remove) ?? []));
        changes.ForEach(change => ComputeFile.RequireSettable(change.Path));
        return changes;
    }

    private static IEnumerable<ItemChange> Additions(string[] words)
    {
        if (words.Length % 2 != 0)
            throw CliException.Usage("--add wants a path and one value, such as: --add schedules.compute_start_stop '{\"action\": \"stop\", ...}'.");
        foreach (var pair in words.Chunk(2))
        {
            var path = ItemPath.Parse(pair[0]);
            yield return new ItemChange(path, map => ItemEdits.Add(map, path, YamlFile.Value(pair[1])));
        }
    }

    private static IEnumerable<ItemChange> Removals(string[] words)
    {
        for (var at = 0; at < words.Length; at++)
        {
            // az writes the place in a list as a word of its own.
            var place = at + 1 < words.Length && int.TryParse(words[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out _) ? $"[{words[++at]}]" : string.Empty;
            var path = ItemPath.Parse(words[place.Length > 0 ? at - 1 : at] + place);
            yield return new ItemChange(path, map => ItemEdits.Remove(map, path));
        }
    }
}
