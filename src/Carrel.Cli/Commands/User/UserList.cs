using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands.User;

/// <summary><c>carrel user list</c>.</summary>
internal sealed class UserList(CliHost host) : IVerb
{
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("list", "List the people who can sign in.");
        _output.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await CommandContext.OpenAsync(host, cancel);
        var rows = await context.Client.ListAsync("/v1.0/users", cancel);
        _output.Write(host, parsed, new JsonArray([.. rows.Select(UserView.From)]), UserView.Columns);
        return ExitCode.Ok;
    }
}
