using System.CommandLine;
using System.CommandLine.Parsing;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands.Directory;

/// <summary>
/// The principal a verb is about: its first word, or <c>--id</c> as with az, which says <c>--group</c> of groups. A name or an id, whatever is at hand.
/// </summary>
internal sealed class PrincipalName(PrincipalKind kind)
{
    private readonly Argument<string?> _word = new("name") { Description = $"Name or object id of the {kind.Word}; {Flags(kind)[0]} means the same.", HelpName = "name|id", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _flag = new(Flags(kind)[0], Flags(kind)[1..]) { Description = $"Name or object id of the {kind.Word}.", HelpName = "name|id" };

    /// <summary>Adds both forms to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_word);
        command.Add(_flag);
        command.Validators.Add(result =>
        {
            string[] given = [.. new[] { result.GetResult(_word)?.Tokens, result.GetResult(_flag)?.Tokens }.SelectMany(tokens => tokens ?? []).Select(token => token.Value)];
            if (given.Length == 0)
                result.AddError($"Which {kind.Word}? Give its name or id: {Line(result)} NAME.");
            else if (given is [var one, var other, ..] && one != other)
                result.AddError($"Two names are given, '{one}' and '{other}': give one.");
        });
    }

    private static string[] Flags(PrincipalKind kind) => kind == PrincipalKind.Group ? ["--group", "-g", "--id"] : ["--id"];

    // The words of a verb, as they are typed.
    private static string Line(CommandResult verb) => verb.Parent is CommandResult group ? $"{Line(group)} {verb.Command.Name}" : "carrel";

    /// <summary>What was given.</summary>
    public string Of(ParseResult parsed) => parsed.GetValue(_word) ?? parsed.GetValue(_flag) ?? throw CliException.Usage("The name is missing.");

    /// <summary>The address of the principal at the server.</summary>
    public Task<string> PathAsync(CommandContext context, ParseResult parsed, CancellationToken cancel) => PathAsync(context, kind, Of(parsed), cancel);

    /// <summary>The address of a principal at the server. People are found there by sign-in name; the names of others are looked up first.</summary>
    /// <exception cref="CliException">Nobody has this name, or several have it.</exception>
    public static async Task<string> PathAsync(CommandContext context, PrincipalKind kind, string given, CancellationToken cancel)
    {
        if (kind == PrincipalKind.User || Guid.TryParse(given, out _))
            return $"{kind.Path}/{ScopeOptions.Segment(given)}";
        var filter = Uri.EscapeDataString($"{kind.NameMember} eq '{given.Replace("'", "''", StringComparison.Ordinal)}'");
        var found = await context.Client.ListAsync($"{kind.Path}?$filter={filter}", cancel);
        return found switch
        {
            [var one] => $"{kind.Path}/{one["id"]}",
            [] => throw new CliException(ExitCode.NotFound, $"There is no {kind.Word} named '{given}'."),
            _ => throw CliException.Usage($"{found.Count} of them are named '{given}': give an id, one of {string.Join(", ", found.Select(row => row["id"]))}."),
        };
    }
}
