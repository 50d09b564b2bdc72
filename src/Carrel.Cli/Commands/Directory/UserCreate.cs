using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands.Directory;

/// <summary><c>carrel user create</c>.</summary>
internal sealed class UserCreate(CliHost host) : ResultVerb(host, "create", "Add a person who can sign in.", PrincipalKind.User.Columns)
{
    private readonly Option<string> _name = new("--user-principal-name") { Description = "Sign-in name, such as ada@example.org.", HelpName = "name", Required = true };
    private readonly Option<string?> _displayName = new("--display-name") { Description = "Name to show; the sign-in name when absent.", HelpName = "text" };
    private readonly Option<string?> _objectId = new("--object-id") { Description = "Object id that instances were made for before the person was there; a new one when absent.", HelpName = "guid" };
    private readonly NewPassword _password = new(host);

    /// <inheritdoc/>
    protected override void AddOwnOptions(Command command)
    {
        command.Add(_name);
        command.Add(_displayName);
        _password.AddTo(command);
        command.Add(_objectId);
    }

    /// <inheritdoc/>
    protected override async Task<JsonNode> ResultAsync(ParseResult parsed, CancellationToken cancel)
    {
        var name = parsed.GetValue(_name)!;
        var objectId = parsed.GetValue(_objectId);
        if (objectId is not null && !Guid.TryParse(objectId, out _))
            throw CliException.Usage($"--object-id has to be a GUID; '{objectId}' is none.");
        var profile = _password.Read(parsed);
        using var context = await OpenAsync(cancel);
        var body = new JsonObject
        {
            ["displayName"] = parsed.GetValue(_displayName) ?? name,
            ["userPrincipalName"] = name,
            ["passwordProfile"] = profile,
        };
        if (objectId is not null)
            body["id"] = objectId;
        var created = await context.Client.SendAsync(HttpMethod.Post, PrincipalKind.User.Path, body, cancel);
        return PrincipalKind.User.View(created.Body as JsonObject ?? []);
    }
}
