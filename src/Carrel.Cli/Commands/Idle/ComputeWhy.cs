using System.CommandLine;
using Carrel.Cli.Commands.Compute;
using Carrel.Cli.Consoles;
using Carrel.Cli.Idle;
using Carrel.Cli.Output;

namespace Carrel.Cli.Commands.Idle;

/// <summary><c>carrel compute why NAME</c> (Compute_Explain): what keeps an instance running, what comes next, what was done last and why.</summary>
internal sealed class ComputeWhy(CliHost host)
    : ServerVerb(host, "why", "Show what keeps an instance running, what will happen next, and why the last automatic action happened or was skipped.")
{
    private readonly InstanceOptions _instance = new(host);
    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "Form of the result: text, json or yaml.",
        HelpName = "text|json|yaml",
        DefaultValueFactory = _ => "text",
    };

    /// <inheritdoc/>
    protected override void AddOptions(Command command)
    {
        _instance.AddTo(command);
        _output.AcceptOnlyFromAmong("text", "json", "yaml");
        command.Add(_output);
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await OpenAsync(cancel);
        var explanation = await context.GetResourceAsync($"{_instance.Path(parsed, context.Settings)}/explain", cancel);
        Host.Out.Write(parsed.GetValue(_output) switch
        {
            "json" => JsonText.Pretty(explanation) + "\n",
            "yaml" => YamlText.Write(explanation),
            _ => TerminalText.Clean(WhyText.Write(explanation)),
        });
    }
}
