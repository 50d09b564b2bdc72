using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands.Group;

/// <summary><c>carrel group list</c> (ResourceGroups_List).</summary>
internal sealed class GroupList(CliHost host) : IVerb
{
    private readonly ScopeOptions _scope = new();
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("list", "List the resource groups of the subscription.");
        _scope.AddSubscriptionTo(command);
        _output.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await CommandContext.OpenAsync(host, cancel);
        var rows = await context.Client.ListAsync(CommandContext.Versioned(_scope.Groups(parsed, context.Settings)), cancel);
        _output.Write(host, parsed, new JsonArray([.. rows.Select(GroupView.From)]), GroupView.Columns);
        return ExitCode.Ok;
    }
}
