using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Configuration;
using Carrel.Cli.Consoles;
using Carrel.Cli.Output;
using Carrel.Cli.SignIn;

namespace Carrel.Cli.Commands.Account;

/// <summary><c>carrel account show</c>: who acts, on which server, with which defaults.</summary>
internal sealed class AccountShow(CliHost host)
    : ResultVerb(host, "show", "Show who is signed in, where, and the defaults of the other verbs.", Columns)
{
    private static readonly IReadOnlyList<Column> Columns =
        [new("USER", "user.name"), new("TYPE", "user.type"), new("SERVER", "server"), new("TENANT", "tenant_id"), new("WORKSPACE", "workspace")];

    /// <inheritdoc/>
    protected override async Task<JsonNode> ResultAsync(ParseResult parsed, CancellationToken cancel)
    {
        var settings = new Settings(Host, ConfigFile.Locate(Host));
        var session = new Session(Host, settings);
        var token = await session.TokenAsync(cancel);
        var account = SignIn.Account.FromToken(token.AccessToken);
        return new JsonObject
        {
            ["user"] = new JsonObject { ["name"] = account.Name, ["type"] = account.Type, ["object_id"] = account.ObjectId },
            ["server"] = settings.Server.GetLeftPart(UriPartial.Authority),
            ["tenant_id"] = account.Tenant ?? settings.Tenant,
            ["source"] = session.Source,
            ["subscription"] = settings.Optional(null, "CARREL_SUBSCRIPTION", "subscription"),
            ["resource_group"] = settings.Optional(null, "CARREL_GROUP", "group"),
            ["workspace"] = settings.Optional(null, "CARREL_WORKSPACE", "workspace"),
            ["location"] = settings.Optional(null, "CARREL_LOCATION", "location"),
        };
    }
}
