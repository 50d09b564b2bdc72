using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Carrel.Cli.Notices;

namespace Carrel.Cli.Commands.Compute;

/// <summary><c>carrel compute notices</c>: stops that are announced, and what became of the last ones (ScheduledEvents_List).</summary>
internal sealed class ComputeNotices(CliHost host) : IVerb
{
    private readonly InstanceName _name = new();
    private readonly ScopeOptions _scope = new();
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("notices", "Show the stops of an instance that are announced, and what became of the last ones.");
        _name.AddTo(command, host, _scope);
        _scope.AddWorkspaceTo(command);
        _output.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await CommandContext.OpenAsync(host, cancel);
        var path = $"{_scope.Compute(parsed, context.Settings, _name.Of(parsed))}/scheduledEvents";
        var rows = await context.Client.ListAsync(CommandContext.Versioned(path), cancel);
        _output.Write(host, parsed, new JsonArray([.. rows.Select(NoticeView.From)]), NoticeView.Columns);
        return ExitCode.Ok;
    }
}
