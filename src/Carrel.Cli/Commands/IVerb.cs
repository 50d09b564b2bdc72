using System.CommandLine;

namespace Carrel.Cli.Commands;

/// <summary>One verb of the command line: its options and what it does.</summary>
internal interface IVerb
{
    /// <summary>The command for the parser, with its action set.</summary>
    Command Build();
}
