using System.CommandLine;

namespace Carrel.Cli.Commands.Workspace;

/// <summary>The workspace a verb is about.</summary>
internal sealed class WorkspaceNameOption : Option<string?>
{
    /// <summary>The option.</summary>
    /// <param name="required">Whether it has to be given, so that no default decides what is made or lost.</param>
    public WorkspaceNameOption(bool required)
        : base("--name", "-n", "-w", "--workspace-name")
    {
        Description = "Name of the workspace.";
        HelpName = "name";
        Required = required;
    }
}
