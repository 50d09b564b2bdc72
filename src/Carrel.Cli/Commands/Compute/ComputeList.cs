using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Computes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands.Compute;

/// <summary><c>carrel compute list</c> (Compute_List).</summary>
internal sealed class ComputeList(CliHost host) : IVerb
{
    private readonly Option<string?> _type = new("--type", "-t") { Description = "Only this type of compute.", HelpName = "type" };
    private readonly ScopeOptions _scope = new();
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("list", "List the instances of a workspace.") { _type };
        _scope.AddWorkspaceTo(command);
        _output.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await CommandContext.OpenAsync(host, cancel);
        var rows = await context.Client.ListAsync(CommandContext.Versioned($"{_scope.Workspace(parsed, context.Settings)}/computes"), cancel);
        var type = parsed.GetValue(_type) is { } given ? ComputeFile.TypeWord(given) : null;
        var views = rows.Select(ComputeView.From).Where(view => type is null || view["type"]?.ToString() == type);
        _output.Write(host, parsed, new JsonArray([.. views]), ComputeView.Columns);
        return ExitCode.Ok;
    }
}
