using System.CommandLine;
using Carrel.Cli.Consoles;

namespace Carrel.Cli.Commands.Group;

/// <summary><c>carrel group delete</c> (ResourceGroups_Delete).</summary>
internal sealed class GroupDelete(CliHost host) : ServerVerb(host, "delete", "Delete a resource group with its workspaces, instances and files.")
{
    private readonly GroupNameOption _name = new();
    private readonly ScopeOptions _scope = new();
    private readonly Confirmation _confirmation = new(host);
    private readonly NoWaitOption _noWait = new();

    /// <inheritdoc/>
    protected override void AddOptions(Command command)
    {
        command.Add(_name);
        _confirmation.AddTo(command);
        _scope.AddSubscriptionTo(command);
        command.Add(_noWait);
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var name = parsed.GetValue(_name)!;
        _confirmation.Require(parsed, $"Delete the resource group {name} with every workspace, instance and file in it?");
        using var context = await OpenAsync(cancel);
        var path = _scope.GroupNamed(parsed, context.Settings, name);
        await context.DeleteAsync(CommandContext.Versioned(path), name, kind: null, wait: !parsed.GetValue(_noWait), cancel);
    }
}
