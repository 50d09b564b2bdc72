using System.CommandLine;
using Carrel.Cli.Consoles;

namespace Carrel.Cli.Commands.Directory;

/// <summary>
/// The verbs of the directory: <c>carrel ad user | group | sp</c> as with az, and <c>carrel user | sp</c> for short. <c>carrel group</c> is about
/// resource groups, as <c>az group</c> is.
/// </summary>
internal static class DirectoryCommands
{
    /// <summary><c>carrel ad</c>.</summary>
    public static Command All(CliHost host) => new("ad", "The directory: people, groups and service principals, with the words of az ad.") { Users(host), Groups(host), Programs(host) };

    /// <summary><c>carrel user</c>.</summary>
    public static Command Users(CliHost host) => VerbGroup.Of("user", "The people who can sign in.",
        new UserCreate(host),
        new PrincipalList(host, PrincipalKind.User, "List the people who can sign in."),
        new PrincipalShow(host, PrincipalKind.User, "Show a person."),
        new PrincipalUpdate(host, PrincipalKind.User, "Change the name that is shown of a person; the sign-in name stays."),
        new UserPassword(host),
        new PrincipalSwitch(host, PrincipalKind.User, false, "Disable a person: no sign-in any more, and everything that is open ends within five seconds."),
        new PrincipalSwitch(host, PrincipalKind.User, true, "Let a disabled person sign in again."),
        new UserSignOut(host),
        new PrincipalDelete(host, PrincipalKind.User, "Remove a person. Instances stay, and nobody can open them any more.",
            "Remove {0}? The person's instances stay, but nobody can open them any more"));

    /// <summary><c>carrel sp</c>.</summary>
    public static Command Programs(CliHost host)
    {
        var programs = VerbGroup.Of("sp", "Service principals: programs that sign in by themselves. Managed identities are listed too.",
            new ProgramCreate(host),
            new PrincipalList(host, PrincipalKind.Program, "List service principals and managed identities."),
            new PrincipalShow(host, PrincipalKind.Program, "Show a service principal."),
            new PrincipalUpdate(host, PrincipalKind.Program, "Change the name of a service principal."),
            new PrincipalSwitch(host, PrincipalKind.Program, false, "Disable a service principal: no tokens any more, and those it has are refused."),
            new PrincipalSwitch(host, PrincipalKind.Program, true, "Let a disabled service principal sign in again."),
            new PrincipalDelete(host, PrincipalKind.Program, "Remove a service principal with its secrets.", "Remove the service principal {0} with its secrets?"));
        programs.Add(VerbGroup.Of("secret", "Secrets of a service principal: several at once, each with a name and an end.", new SecretAdd(host), new SecretList(host), new SecretDelete(host)));
        return programs;
    }

    private static Command Groups(CliHost host)
    {
        var groups = VerbGroup.Of("group", "Groups of people, service principals and other groups. (Resource groups: carrel group.)",
            new DirectoryGroupCreate(host),
            new PrincipalList(host, PrincipalKind.Group, "List groups."),
            new PrincipalShow(host, PrincipalKind.Group, "Show a group."),
            new PrincipalUpdate(host, PrincipalKind.Group, "Change the name or description of a group."),
            new PrincipalDelete(host, PrincipalKind.Group, "Remove a group; its members stay, what it granted them does not.", "Remove the group {0}? Its members lose the roles that they have through it"));
        groups.Add(VerbGroup.Of("member", "Members of a group. A change counts at once.", new MemberChange(host, add: true), new MemberChange(host, add: false), new MemberList(host)));
        return groups;
    }
}
