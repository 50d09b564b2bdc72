using System.CommandLine;
using System.CommandLine.Parsing;
using Carrel.Cli.Completion;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands.Compute;

/// <summary>The instance a verb is about: its first word, or <c>-n</c> as with az. Both complete to the names of the workspace.</summary>
internal sealed class InstanceName
{
    private readonly Argument<string?> _word = new("name") { Description = "Name of the instance; -n NAME means the same.", HelpName = "name", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _flag = new("--name", "-n") { Description = "Name of the instance.", HelpName = "name" };

    /// <summary>Adds both forms to a command that needs a name.</summary>
    public void AddTo(Command command, CliHost host, ScopeOptions scope)
    {
        AddOptionalTo(command);
        CompleteFrom(host, scope);
        command.Validators.Add(result =>
        {
            if (Words(result).Length == 0 && result.GetResult(_flag) is null)
                result.AddError($"Which instance? Give its name: carrel compute {command.Name} NAME.");
        });
    }

    /// <summary>Adds both forms to a command whose name may also come from a file; nothing to complete, the name is a new one.</summary>
    public void AddOptionalTo(Command command)
    {
        command.Add(_word);
        command.Add(_flag);
        command.Validators.Add(result =>
        {
            if (Words(result) is [var one, var other, ..] && one != other)
                result.AddError($"Two names are given, '{one}' and '{other}': give one.");
        });
    }

    /// <summary>Completes an optional name to what is there.</summary>
    public void CompleteFrom(CliHost host, ScopeOptions scope)
    {
        var names = new ComputeNames(host, scope);
        _word.CompletionSources.Add(names.Complete);
        _flag.CompletionSources.Add(names.Complete);
    }

    /// <summary>The name if one was given.</summary>
    public string? Given(ParseResult parsed) => parsed.GetValue(_word) ?? parsed.GetValue(_flag);

    /// <summary>The name.</summary>
    public string Of(ParseResult parsed) => Given(parsed) ?? throw CliException.Usage("The name of the instance is missing.");

    /// <summary>The names as they were typed: a validator also sees lines that are not complete, whose values cannot be asked for.</summary>
    private string[] Words(CommandResult command) =>
        [.. new SymbolResult?[] { command.GetResult(_word), command.GetResult(_flag) }.SelectMany(result => result?.Tokens ?? []).Select(token => token.Value)];
}
