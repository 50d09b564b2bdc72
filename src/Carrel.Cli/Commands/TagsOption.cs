using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands;

/// <summary><c>--tags key=value ...</c></summary>
internal sealed class TagsOption
{
    private readonly Option<string[]> _tags = new("--tags")
    {
        Description = "Tags, each as key=value.", HelpName = "key=value", AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>Adds it to a command.</summary>
    public void AddTo(Command command) => command.Add(_tags);

    /// <summary>The tags; null when none were given.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Read(ParseResult parsed)
    {
        if (parsed.GetValue(_tags) is not { Length: > 0 } tags)
            return null;
        return [.. tags.Select(tag => tag.IndexOf('=', StringComparison.Ordinal) is > 0 and var at
            ? KeyValuePair.Create(tag[..at], tag[(at + 1)..]) : throw CliException.Usage($"The tag '{tag}' must look like key=value."))];
    }

    /// <summary>Tags as a JSON object.</summary>
    public static JsonObject Json(IEnumerable<KeyValuePair<string, string>>? tags)
    {
        var json = new JsonObject();
        foreach (var (key, value) in tags ?? [])
            json[key] = value;
        return json;
    }
}
