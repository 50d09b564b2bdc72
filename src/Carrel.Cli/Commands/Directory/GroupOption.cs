using System.CommandLine;

namespace Carrel.Cli.Commands.Directory;

/// <summary>The group whose members a verb is about.</summary>
internal sealed class GroupOption : Option<string>
{
    /// <summary>The option.</summary>
    public GroupOption()
        : base("--group", "-g")
    {
        Description = "Name or object id of the group.";
        HelpName = "name|id";
        Required = true;
    }

    /// <summary>The address of the group at the server.</summary>
    /// <exception cref="Errors.CliException">No group has this name, or several have it.</exception>
    public Task<string> PathAsync(CommandContext context, ParseResult parsed, CancellationToken cancel) =>
        PrincipalName.PathAsync(context, PrincipalKind.Group, parsed.GetValue(this)!, cancel);
}
