using System.CommandLine;
using Carrel.Cli.Commands.Compute;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Carrel.Cli.Idle;
using Carrel.Cli.Output;

namespace Carrel.Cli.Commands.Idle;

/// <summary><c>carrel compute why NAME</c> (Compute_Explain): what keeps an instance running, what comes next, what was done last and why.</summary>
internal sealed class ComputeWhy(CliHost host) : IVerb
{
    private readonly InstanceName _name = new();
    private readonly ScopeOptions _scope = new();
    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "Form of the result: text, json or yaml.",
        HelpName = "text|json|yaml",
        DefaultValueFactory = _ => "text",
    };

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("why", "Show what keeps an instance running, what will happen next, and why the last automatic action happened or was skipped.");
        _name.AddTo(command, host, _scope);
        _scope.AddWorkspaceTo(command);
        _output.AcceptOnlyFromAmong("text", "json", "yaml");
        command.Add(_output);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await CommandContext.OpenAsync(host, cancel);
        var explanation = await context.GetResourceAsync($"{_scope.Compute(parsed, context.Settings, _name.Of(parsed))}/explain", cancel);
        host.Out.Write(parsed.GetValue(_output) switch
        {
            "json" => JsonText.Pretty(explanation) + "\n",
            "yaml" => YamlText.Write(explanation),
            _ => TerminalText.Clean(WhyText.Write(explanation)),
        });
        return ExitCode.Ok;
    }
}
