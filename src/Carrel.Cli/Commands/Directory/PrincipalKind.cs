using System.Text.Json.Nodes;
using Carrel.Cli.Computes;
using Carrel.Cli.Output;

namespace Carrel.Cli.Commands.Directory;

/// <summary>People, groups or service principals: what their verbs differ in.</summary>
/// <param name="Path">The list at the server.</param>
/// <param name="Word">What one is called in messages.</param>
/// <param name="NameMember">The member that people call it by.</param>
/// <param name="Members">What is shown of one, in order.</param>
/// <param name="Columns">The columns of <c>-o table</c>.</param>
internal sealed record PrincipalKind(string Path, string Word, string NameMember, IReadOnlyList<string> Members, IReadOnlyList<Column> Columns)
{
    /// <summary>People.</summary>
    public static PrincipalKind User { get; } = new("/v1.0/users", "person", "userPrincipalName",
        ["id", "displayName", "userPrincipalName", "accountEnabled", "createdDateTime"],
        [new("USER PRINCIPAL NAME", "userPrincipalName"), new("DISPLAY NAME", "displayName"), new("ENABLED", "accountEnabled"), new("ID", "id")]);

    /// <summary>Groups of principals.</summary>
    public static PrincipalKind Group { get; } = new("/v1.0/groups", "group", "displayName",
        ["id", "displayName", "description", "createdDateTime"],
        [new("DISPLAY NAME", "displayName"), new("DESCRIPTION", "description"), new("ID", "id")]);

    /// <summary>Programs and managed identities.</summary>
    public static PrincipalKind Program { get; } = new("/v1.0/servicePrincipals", "service principal", "displayName",
        ["id", "appId", "displayName", "servicePrincipalType", "accountEnabled", "createdDateTime"],
        [new("DISPLAY NAME", "displayName"), new("TYPE", "servicePrincipalType"), new("ENABLED", "accountEnabled"), new("APP ID", "appId"), new("ID", "id")]);

    /// <summary>The view of one.</summary>
    public JsonObject View(JsonObject principal)
    {
        var view = new JsonObject();
        foreach (var member in Members)
            view[member] = ComputeView.Copy(principal[member]);
        return view;
    }
}
