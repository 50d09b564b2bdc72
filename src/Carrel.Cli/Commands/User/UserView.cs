using System.Text.Json.Nodes;
using Carrel.Cli.Computes;
using Carrel.Cli.Output;

namespace Carrel.Cli.Commands.User;

/// <summary>A person as Graph names the members.</summary>
internal static class UserView
{
    /// <summary>The columns of <c>-o table</c>.</summary>
    public static readonly IReadOnlyList<Column> Columns =
        [new("USER PRINCIPAL NAME", "userPrincipalName"), new("DISPLAY NAME", "displayName"), new("ID", "id")];

    /// <summary>The view of one person.</summary>
    public static JsonObject From(JsonObject user) => new()
    {
        ["id"] = ComputeView.Copy(user["id"]),
        ["displayName"] = ComputeView.Copy(user["displayName"]),
        ["userPrincipalName"] = ComputeView.Copy(user["userPrincipalName"]),
    };
}
