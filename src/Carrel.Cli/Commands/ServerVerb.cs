using System.CommandLine;
using Carrel.Cli.Consoles;

namespace Carrel.Cli.Commands;

/// <summary>
/// A verb that asks the server. Its class says which options it takes and what it does; how the two become a command stands here alone.
/// </summary>
/// <param name="host">The outside.</param>
/// <param name="name">The word on the command line.</param>
/// <param name="description">What help says of it.</param>
internal abstract class ServerVerb(CliHost host, string name, string description) : IVerb
{
    /// <summary>The outside.</summary>
    protected CliHost Host => host;

    /// <summary>The word on the command line.</summary>
    protected string Name => name;

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command(name, description);
        AddOptions(command);
        command.SetAction(RunAsync);
        return command;
    }

    /// <summary>Adds the options, in the order in which help lists them.</summary>
    protected abstract void AddOptions(Command command);

    /// <summary>Does it. Whoever returns has succeeded; an exception carries the exit code of everything else.</summary>
    protected abstract Task RunAsync(ParseResult parsed, CancellationToken cancel);

    /// <summary>
    /// Reads the settings and signs in. A verb checks what was typed, and asks what it has to ask, before it calls this: a mistake or a "no" costs no sign-in.
    /// </summary>
    protected Task<CommandContext> OpenAsync(CancellationToken cancel) => CommandContext.OpenAsync(host, cancel);
}
