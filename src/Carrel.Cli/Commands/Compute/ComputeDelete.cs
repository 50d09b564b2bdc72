using System.CommandLine;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands.Compute;

/// <summary><c>carrel compute delete</c> (Compute_Delete).</summary>
internal sealed class ComputeDelete(CliHost host) : IVerb
{
    private readonly InstanceName _name = new();
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask." };
    private readonly Option<bool> _noWait = new("--no-wait") { Description = "Return as soon as the server has accepted." };
    private readonly ScopeOptions _scope = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("delete", "Delete an instance and its private disk; files on the workspace's share stay.") { _yes };
        _name.AddTo(command, host, _scope);
        _scope.AddWorkspaceTo(command);
        command.Add(_noWait);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var name = _name.Of(parsed);
        Confirmation.Require(host, parsed.GetValue(_yes), $"Delete the instance {name} and its private disk?");
        using var context = await CommandContext.OpenAsync(host, cancel);
        var path = _scope.Compute(parsed, context.Settings, name);
        var accepted = await context.Client.SendAsync(HttpMethod.Delete, CommandContext.Versioned(path) + "&underlyingResourceAction=Delete", null, cancel);
        if (accepted.Status == 204)
            host.Error.WriteLine($"There is no instance {name}; nothing was deleted.");
        else if (!parsed.GetValue(_noWait))
            await context.WaitAsync(accepted, null, $"Deleting {name}", cancel);
        return ExitCode.Ok;
    }
}
