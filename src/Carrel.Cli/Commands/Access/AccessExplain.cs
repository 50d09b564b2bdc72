using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Commands.Role;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Carrel.Cli.Output;

namespace Carrel.Cli.Commands.Access;

/// <summary><c>carrel access explain</c> (AccessExplanation_Get): the decision as a call would meet it, assignment by assignment.</summary>
internal sealed class AccessExplain(CliHost host) : ServerVerb(host, "explain", "Say whether somebody may do something, and why.")
{
    private static readonly IReadOnlyList<Column> Columns =
        [new("VERDICT", "verdict"), new("ROLE", "roleName"), new("SCOPE", "scope"), new("THROUGH GROUP", "throughGroup"), new("PATTERN", "pattern"), new("EXCLUDED BY", "notPattern")];

    private readonly Option<string?> _as = new("--as") { Description = "Whose access: sign-in name, name of a group or program, application id or object id; your own when absent.", HelpName = "name|id" };
    private readonly Option<string> _action = new("--action")
    {
        Description = "The operation, such as Microsoft.MachineLearningServices/workspaces/computes/start/action; 'computes/start/action' is enough.",
        HelpName = "operation",
        Required = true,
    };

    private readonly RoleScopeOption _scope = new();
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    protected override void AddOptions(Command command)
    {
        command.Add(_as);
        command.Add(_action);
        _scope.AddTo(command);
        _output.AddTo(command);
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await OpenAsync(cancel);
        var path = CommandContext.Versioned($"{_scope.Path(parsed, context.Settings)}/providers/Carrel.Access/accessExplanation")
            + "&action=" + Uri.EscapeDataString(Full(parsed.GetValue(_action)!))
            + (parsed.GetValue(_as) is { } principal ? "&principal=" + Uri.EscapeDataString(principal) : "");
        var answer = await context.Client.GetAsync(path, cancel) as JsonObject
            ?? throw new CliException(ExitCode.Refused, "The server answered with something that is no explanation.");
        if (_output.Format(parsed) == OutputFormat.Table)
        {
            Host.Out.WriteLine(TerminalText.Clean($"{(answer["allowed"]?.GetValue<bool>() == true ? "Allowed" : "Not allowed")}: {answer["reason"]}"));
            _output.Write(Host, parsed, Rows(answer["assignments"] as JsonArray ?? []), Columns);
        }
        else
            _output.Write(Host, parsed, answer, Columns);
    }

    /// <summary>Groups by their names, where the directory knows them.</summary>
    private static JsonArray Rows(JsonArray assignments)
    {
        var rows = (JsonArray)assignments.DeepClone();
        foreach (var row in rows.OfType<JsonObject>())
            row["throughGroup"] = (row["throughGroupName"] ?? row["throughGroup"])?.ToString();
        return rows;
    }

    /// <summary>Short names are those of workspaces.</summary>
    private static string Full(string action) =>
        action.StartsWith("computes/", StringComparison.OrdinalIgnoreCase) ? "Microsoft.MachineLearningServices/workspaces/" + action
        : action.StartsWith("workspaces/", StringComparison.OrdinalIgnoreCase) ? "Microsoft.MachineLearningServices/" + action
        : action;
}
