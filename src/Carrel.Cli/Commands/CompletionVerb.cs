using System.CommandLine;
using Carrel.Cli.Completion;
using Carrel.Cli.Consoles;

namespace Carrel.Cli.Commands;

/// <summary><c>carrel completion bash | zsh | fish</c>: prints the script of a shell.</summary>
internal sealed class CompletionVerb(CliHost host) : IVerb
{
    private readonly Argument<string> _shell = new("shell") { Description = "bash, zsh or fish.", HelpName = "bash|zsh|fish" };

    /// <inheritdoc/>
    public Command Build()
    {
        _shell.AcceptOnlyFromAmong(CompletionScripts.Shells);
        var command = new Command("completion", "Print a script that completes verbs, flags and names; for bash: source <(carrel completion bash)") { _shell };
        command.SetAction(parsed => host.Out.Write(CompletionScripts.For(parsed.GetValue(_shell)!)));
        return command;
    }
}
