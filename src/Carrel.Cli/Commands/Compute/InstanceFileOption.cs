using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Computes;
using Carrel.Cli.Configuration;
using Carrel.Cli.Errors;
using Carrel.Cli.Yaml;

namespace Carrel.Cli.Commands.Compute;

/// <summary><c>-f</c> with the YAML file of an instance, and the request that its content makes.</summary>
internal sealed class InstanceFileOption : Option<string?>
{
    /// <summary>The option.</summary>
    /// <param name="description">What the verb does with the file.</param>
    public InstanceFileOption(string description)
        : base("--file", "-f")
    {
        Description = description;
        HelpName = "file";
    }

    /// <summary>The content of the file; null when none was given.</summary>
    /// <exception cref="CliException">It cannot be read, or is no YAML.</exception>
    public YamlMap? Read(ParseResult parsed) => parsed.GetValue(this) is { } file ? YamlFile.Parse(file, InputFile.Read(file)) : null;

    /// <summary>The name that a file gives to its instance; null when it gives none.</summary>
    public static string? NameIn(YamlMap file) =>
        file.Entries.Where(entry => entry.Key.Value == "name").Select(entry => (entry.Value as YamlScalar)?.Value).FirstOrDefault();

    /// <summary>Refuses a file that is about another instance than the command: one of the names is a mistake, and only the caller knows which.</summary>
    /// <exception cref="CliException">It names both.</exception>
    public void RequireName(ParseResult parsed, YamlMap file, string name)
    {
        if (NameIn(file) is { Length: > 0 } other && !other.Equals(name, StringComparison.OrdinalIgnoreCase))
        {
            throw CliException.Usage(
                $"The command is about '{name}', and the file '{parsed.GetValue(this)}' about '{other}': name '{other}' in the command, or take the key 'name' out of the file.");
        }
    }

    /// <summary>The request for what stood in the file, was changed by flags, or came from flags alone. Its warnings are the caller's to show.</summary>
    /// <exception cref="CliException">Something in it is wrong.</exception>
    public ComputeRequest Request(ParseResult parsed, YamlMap content, ScopeOptions scope, Settings settings) =>
        ComputeFile.Read(parsed.GetValue(this) ?? "flags", content, scope.SubscriptionId(parsed, settings), scope.GroupName(parsed, settings));

    /// <summary>
    /// What an update with the file comes to, for those who do it and those who want to know beforehand. Only touched keys are read and compared: an instance whose
    /// other parts have no words in a file can be changed all the same.
    /// </summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="stored">The resource as the server answers it.</param>
    /// <param name="file">Content of the file; empty without one.</param>
    /// <param name="changes">What flags ask for besides.</param>
    /// <param name="scope">The workspace.</param>
    /// <param name="settings">Defaults of the workspace.</param>
    /// <exception cref="CliException">Something in it is wrong.</exception>
    public InstanceUpdate Update(ParseResult parsed, JsonObject stored, YamlMap file, IReadOnlyList<ItemChange> changes, ScopeOptions scope, Settings settings)
    {
        var touched = file.Keys.Concat(changes.Select(change => change.Path.Root)).Concat(["name", "type"]).ToHashSet(StringComparer.Ordinal);
        var all = (YamlMap)YamlItem.From(ComputeView.From(stored));
        var now = all with { Entries = [.. all.Entries.Where(entry => touched.Contains(entry.Key.Value))] };
        var wanted = now with { Entries = [.. now.Entries.Where(entry => !file.Keys.Contains(entry.Key.Value)), .. file.Entries] };
        // The instance was found by its name, so a file cannot give it another one; a flag can ask for that, and is refused below.
        wanted = ItemEdits.Set(wanted, ItemPath.Parse("name"), YamlItem.From(stored["name"]));
        return InstanceUpdate.Decide(stored, Request(parsed, now, scope, settings), Request(parsed, ItemChange.ApplyAll(wanted, changes), scope, settings));
    }
}
