using System.CommandLine;
using Carrel.Cli.Consoles;

namespace Carrel.Cli.Commands.Compute;

/// <summary><c>carrel compute delete</c> (Compute_Delete).</summary>
internal sealed class ComputeDelete(CliHost host) : ServerVerb(host, "delete", "Delete an instance and its private disk; files on the workspace's share stay.")
{
    private readonly InstanceOptions _instance = new(host);
    private readonly Confirmation _confirmation = new(host);
    private readonly NoWaitOption _noWait = new();

    /// <inheritdoc/>
    protected override void AddOptions(Command command)
    {
        _confirmation.AddTo(command);
        _instance.AddTo(command);
        command.Add(_noWait);
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var name = _instance.Name(parsed);
        _confirmation.Require(parsed, $"Delete the instance {name} and its private disk?");
        using var context = await OpenAsync(cancel);
        var address = CommandContext.Versioned(_instance.Path(parsed, context.Settings)) + "&underlyingResourceAction=Delete";
        await context.DeleteAsync(address, name, "instance", wait: !parsed.GetValue(_noWait), cancel);
    }
}
