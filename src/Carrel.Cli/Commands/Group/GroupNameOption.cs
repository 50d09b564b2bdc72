using System.CommandLine;

namespace Carrel.Cli.Commands.Group;

/// <summary>The resource group a verb is about. It has to be given: no default decides what is made or lost.</summary>
internal sealed class GroupNameOption : Option<string>
{
    /// <summary>The option.</summary>
    public GroupNameOption()
        : base("--name", "-n", "-g", "--resource-group")
    {
        Description = "Name of the resource group.";
        HelpName = "name";
        Required = true;
    }
}
