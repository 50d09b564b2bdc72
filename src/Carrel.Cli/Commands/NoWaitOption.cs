using System.CommandLine;

namespace Carrel.Cli.Commands;

/// <summary><c>--no-wait</c> of verbs that begin a long operation; without it they return when the operation has ended.</summary>
internal sealed class NoWaitOption : Option<bool>
{
    /// <summary>The option.</summary>
    public NoWaitOption()
        : base("--no-wait") => Description = "Return as soon as the server has accepted.";
}
