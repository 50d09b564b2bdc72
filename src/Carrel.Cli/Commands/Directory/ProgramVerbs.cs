using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Computes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Output;

namespace Carrel.Cli.Commands.Directory;

/// <summary><c>carrel sp create</c>: prints what <c>az ad sp create-for-rbac</c> prints.</summary>
internal sealed class ProgramCreate(CliHost host)
    : ResultVerb(host, "create", "Make a service principal with a first secret, for a program that signs in by itself.", Columns)
{
    private static readonly IReadOnlyList<Column> Columns =
        [new("DISPLAY NAME", "displayName"), new("APP ID", "appId"), new("PASSWORD", "password"), new("ID", "id")];

    private readonly Option<string> _displayName = new("--display-name", "-n") { Description = "Name to show.", HelpName = "text", Required = true };
    private readonly Option<string?> _end = new("--end-date") { Description = "When the secret ends, at most two years ahead; in a year when absent.", HelpName = "date" };

    /// <inheritdoc/>
    protected override void AddOwnOptions(Command command)
    {
        command.Add(_displayName);
        command.Add(_end);
    }

    /// <inheritdoc/>
    protected override async Task<JsonNode> ResultAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await OpenAsync(cancel);
        var made = (await context.Client.SendAsync(HttpMethod.Post, PrincipalKind.Program.Path, new JsonObject { ["displayName"] = parsed.GetValue(_displayName) }, cancel)).Body as JsonObject ?? [];
        var secret = await SecretAdd.SendAsync(context, $"{PrincipalKind.Program.Path}/{made["id"]}", "first", parsed.GetValue(_end), cancel);
        var view = new JsonObject
        {
            ["id"] = ComputeView.Copy(made["id"]),
            ["appId"] = ComputeView.Copy(made["appId"]),
            ["displayName"] = ComputeView.Copy(made["displayName"]),
            ["password"] = ComputeView.Copy(secret["secretText"]),
            ["tenant"] = context.Settings.Tenant,
        };
        Host.Error.WriteLine(SecretAdd.OnlyOnce);
        return view;
    }
}

/// <summary><c>carrel sp secret add</c>.</summary>
internal sealed class SecretAdd(CliHost host) : ResultVerb(host, "add", "Add a secret; the others stay good.", Columns)
{
    /// <summary>Said whenever a secret is printed.</summary>
    public const string OnlyOnce = "The secret is shown this once: keep it where the program finds it.";

    private static readonly IReadOnlyList<Column> Columns = [new("NAME", "displayName"), new("ENDS", "endDateTime"), new("SECRET", "secretText"), new("KEY ID", "keyId")];

    private readonly PrincipalName _name = new(PrincipalKind.Program);
    private readonly Option<string?> _secretName = new("--display-name") { Description = "Name of the secret.", HelpName = "text" };
    private readonly Option<string?> _end = new("--end-date") { Description = "When it ends, at most two years ahead; in a year when absent.", HelpName = "date" };

    /// <inheritdoc/>
    protected override void AddOwnOptions(Command command)
    {
        command.Add(_secretName);
        command.Add(_end);
        _name.AddTo(command);
    }

    /// <summary>Adds a secret.</summary>
    public static async Task<JsonObject> SendAsync(CommandContext context, string program, string? name, string? end, CancellationToken cancel)
    {
        var body = new JsonObject { ["passwordCredential"] = new JsonObject { ["displayName"] = name, ["endDateTime"] = end } };
        return (await context.Client.SendAsync(HttpMethod.Post, $"{program}/addPassword", body, cancel)).Body as JsonObject ?? [];
    }

    /// <inheritdoc/>
    protected override async Task<JsonNode> ResultAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await OpenAsync(cancel);
        var program = await _name.PathAsync(context, parsed, cancel);
        var made = await SendAsync(context, program, parsed.GetValue(_secretName), parsed.GetValue(_end), cancel);
        Host.Error.WriteLine(OnlyOnce);
        return SecretList.View(made, withText: true);
    }
}

/// <summary><c>carrel sp secret list</c>.</summary>
internal sealed class SecretList(CliHost host)
    : ResultVerb(host, "list", "List the secrets: their names, first characters and ends, never the secrets themselves.", Columns)
{
    private static readonly IReadOnlyList<Column> Columns = [new("NAME", "displayName"), new("BEGINS WITH", "hint"), new("ENDS", "endDateTime"), new("KEY ID", "keyId")];

    private readonly PrincipalName _name = new(PrincipalKind.Program);

    /// <inheritdoc/>
    protected override void AddOwnOptions(Command command) => _name.AddTo(command);

    /// <summary>The view of one.</summary>
    public static JsonObject View(JsonObject secret, bool withText)
    {
        var view = new JsonObject();
        foreach (var member in new[] { "keyId", "displayName", "hint", "startDateTime", "endDateTime" })
            view[member] = ComputeView.Copy(secret[member]);
        if (withText)
            view["secretText"] = ComputeView.Copy(secret["secretText"]);
        return view;
    }

    /// <inheritdoc/>
    protected override async Task<JsonNode> ResultAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await OpenAsync(cancel);
        var program = await context.GetObjectAsync(await _name.PathAsync(context, parsed, cancel), cancel);
        var secrets = (program["passwordCredentials"] as JsonArray ?? []).OfType<JsonObject>();
        return new JsonArray([.. secrets.Select(secret => View(secret, withText: false))]);
    }
}

/// <summary><c>carrel sp secret delete</c>.</summary>
internal sealed class SecretDelete(CliHost host)
    : ServerVerb(host, "delete", "Remove a secret. Tokens that it gave live for up to an hour; 'disable' ends them at once.")
{
    private readonly PrincipalName _name = new(PrincipalKind.Program);
    private readonly Option<string> _key = new("--key-id") { Description = "Which one: the key id of 'secret list'.", HelpName = "guid", Required = true };
    private readonly Confirmation _confirmation = new(host);

    /// <inheritdoc/>
    protected override void AddOptions(Command command)
    {
        command.Add(_key);
        _confirmation.AddTo(command);
        _name.AddTo(command);
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        _confirmation.Require(parsed, $"Remove the secret {parsed.GetValue(_key)} of {_name.Of(parsed)}? Programs that use it can no longer sign in");
        using var context = await OpenAsync(cancel);
        var program = await _name.PathAsync(context, parsed, cancel);
        await context.Client.SendAsync(HttpMethod.Post, $"{program}/removePassword", new JsonObject { ["keyId"] = parsed.GetValue(_key) }, cancel);
    }
}
