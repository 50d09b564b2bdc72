using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Computes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Carrel.Cli.Output;

namespace Carrel.Cli.Commands.Directory;

/// <summary><c>carrel sp create</c>: prints what <c>az ad sp create-for-rbac</c> prints.</summary>
internal sealed class ProgramCreate(CliHost host) : IVerb
{
    private static readonly IReadOnlyList<Column> Columns =
        [new("DISPLAY NAME", "displayName"), new("APP ID", "appId"), new("PASSWORD", "password"), new("ID", "id")];

    private readonly Option<string> _displayName = new("--display-name", "-n") { Description = "Name to show.", HelpName = "text", Required = true };
    private readonly Option<string?> _end = new("--end-date") { Description = "When the secret ends, at most two years ahead; in a year when absent.", HelpName = "date" };
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("create", "Make a service principal with a first secret, for a program that signs in by itself.") { _displayName, _end };
        _output.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await CommandContext.OpenAsync(host, cancel);
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
        host.Error.WriteLine(SecretAdd.OnlyOnce);
        _output.Write(host, parsed, view, Columns);
        return ExitCode.Ok;
    }
}

/// <summary><c>carrel sp secret add</c>.</summary>
internal sealed class SecretAdd(CliHost host) : IVerb
{
    /// <summary>Said whenever a secret is printed.</summary>
    public const string OnlyOnce = "The secret is shown this once: keep it where the program finds it.";

    private static readonly IReadOnlyList<Column> Columns = [new("NAME", "displayName"), new("ENDS", "endDateTime"), new("SECRET", "secretText"), new("KEY ID", "keyId")];

    private readonly PrincipalName _name = new(PrincipalKind.Program);
    private readonly Option<string?> _secretName = new("--display-name") { Description = "Name of the secret.", HelpName = "text" };
    private readonly Option<string?> _end = new("--end-date") { Description = "When it ends, at most two years ahead; in a year when absent.", HelpName = "date" };
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("add", "Add a secret; the others stay good.") { _secretName, _end };
        _name.AddTo(command);
        _output.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    /// <summary>Adds a secret.</summary>
    public static async Task<JsonObject> SendAsync(CommandContext context, string program, string? name, string? end, CancellationToken cancel)
    {
        var body = new JsonObject { ["passwordCredential"] = new JsonObject { ["displayName"] = name, ["endDateTime"] = end } };
        return (await context.Client.SendAsync(HttpMethod.Post, $"{program}/addPassword", body, cancel)).Body as JsonObject ?? [];
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await CommandContext.OpenAsync(host, cancel);
        var program = await _name.PathAsync(context, parsed, cancel);
        var made = await SendAsync(context, program, parsed.GetValue(_secretName), parsed.GetValue(_end), cancel);
        host.Error.WriteLine(OnlyOnce);
        _output.Write(host, parsed, SecretList.View(made, withText: true), Columns);
        return ExitCode.Ok;
    }
}

/// <summary><c>carrel sp secret list</c>.</summary>
internal sealed class SecretList(CliHost host) : IVerb
{
    private static readonly IReadOnlyList<Column> Columns = [new("NAME", "displayName"), new("BEGINS WITH", "hint"), new("ENDS", "endDateTime"), new("KEY ID", "keyId")];

    private readonly PrincipalName _name = new(PrincipalKind.Program);
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("list", "List the secrets: their names, first characters and ends, never the secrets themselves.");
        _name.AddTo(command);
        _output.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

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

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await CommandContext.OpenAsync(host, cancel);
        var program = await context.GetObjectAsync(await _name.PathAsync(context, parsed, cancel), cancel);
        var rows = (program["passwordCredentials"] as JsonArray ?? []).OfType<JsonObject>().Select(secret => View(secret, withText: false));
        _output.Write(host, parsed, new JsonArray([.. rows]), Columns);
        return ExitCode.Ok;
    }
}

/// <summary><c>carrel sp secret delete</c>.</summary>
internal sealed class SecretDelete(CliHost host) : IVerb
{
    private readonly PrincipalName _name = new(PrincipalKind.Program);
    private readonly Option<string> _key = new("--key-id") { Description = "Which one: the key id of 'secret list'.", HelpName = "guid", Required = true };
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask." };

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("delete", "Remove a secret. Tokens that it gave live for up to an hour; 'disable' ends them at once.") { _key, _yes };
        _name.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        Confirmation.Require(host, parsed.GetValue(_yes), $"Remove the secret {parsed.GetValue(_key)} of {_name.Of(parsed)}? Programs that use it can no longer sign in");
        using var context = await CommandContext.OpenAsync(host, cancel);
        var program = await _name.PathAsync(context, parsed, cancel);
        await context.Client.SendAsync(HttpMethod.Post, $"{program}/removePassword", new JsonObject { ["keyId"] = parsed.GetValue(_key) }, cancel);
        return ExitCode.Ok;
    }
}
