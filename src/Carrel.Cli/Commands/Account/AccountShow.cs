using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Configuration;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Carrel.Cli.Output;
using Carrel.Cli.SignIn;

namespace Carrel.Cli.Commands.Account;

/// <summary><c>carrel account show</c>: who acts, on which server, with which defaults.</summary>
internal sealed class AccountShow(CliHost host) : IVerb
{
    private static readonly IReadOnlyList<Column> Columns =
        [new("USER", "user.name"), new("TYPE", "user.type"), new("SERVER", "server"), new("TENANT", "tenant_id"), new("WORKSPACE", "workspace")];

    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("show", "Show who is signed in, where, and the defaults of the other verbs.");
        _output.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var settings = new Settings(host, ConfigFile.Locate(host));
        var session = new Session(host, settings);
        var token = await session.TokenAsync(cancel);
        var account = SignIn.Account.FromToken(token.AccessToken);
        _output.Write(host, parsed, new JsonObject
        {
            ["user"] = new JsonObject { ["name"] = account.Name, ["type"] = account.Type, ["object_id"] = account.ObjectId },
            ["server"] = settings.Server.GetLeftPart(UriPartial.Authority),
            ["tenant_id"] = account.Tenant ?? settings.Tenant,
            ["source"] = session.Source,
            ["subscription"] = settings.Optional(null, "CARREL_SUBSCRIPTION", "subscription"),
            ["resource_group"] = settings.Optional(null, "CARREL_GROUP", "group"),
            ["workspace"] = settings.Optional(null, "CARREL_WORKSPACE", "workspace"),
            ["location"] = settings.Optional(null, "CARREL_LOCATION", "location"),
        }, Columns);
        return ExitCode.Ok;
    }
}
