using System.CommandLine;
using Carrel.Cli.Configuration;
using Carrel.Cli.Consoles;

namespace Carrel.Cli.Commands.Compute;

/// <summary>The instance a verb is about, which has to be named, and the workspace it is in.</summary>
internal sealed class InstanceOptions(CliHost host)
{
    private readonly InstanceName _name = new();

    /// <summary>The workspace.</summary>
    public ScopeOptions Scope { get; } = new();

    /// <summary>Adds the name, what the verb has of its own, and the workspace: help lists them in this order for every verb about an instance.</summary>
    public void AddTo(Command command, params Option[] own)
    {
        _name.AddTo(command, host, Scope);
        foreach (var option in own)
            command.Add(option);
        Scope.AddWorkspaceTo(command);
    }

    /// <summary>The name.</summary>
    public string Name(ParseResult parsed) => _name.Of(parsed);

    /// <summary>Path of the instance.</summary>
    public string Path(ParseResult parsed, Settings settings) => Scope.Compute(parsed, settings, Name(parsed));
}
