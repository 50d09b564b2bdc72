using System.CommandLine;
using Carrel.Cli.Configuration;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands.Role;

/// <summary>Where a role holds: a full scope, or a group, workspace or instance by name; the subscription when nothing is given.</summary>
internal sealed class RoleScopeOption
{
    private readonly Option<string?> _scope = new("--scope") { Description = "Where: /, or a full id such as /subscriptions/ID/resourceGroups/NAME. The subscription when nothing is given.", HelpName = "id" };
    private readonly Option<string?> _group = new("--resource-group", "-g") { Description = "Where: this resource group.", HelpName = "name" };
    private readonly Option<string?> _workspace = new("--workspace-name", "-w") { Description = "Where: this workspace.", HelpName = "name" };
    private readonly Option<string?> _compute = new("--compute") { Description = "Where: this compute instance of the workspace.", HelpName = "name" };
    private readonly Option<string?> _subscription = new("--subscription") { Description = "Subscription id.", HelpName = "id" };

    /// <summary>Adds them all.</summary>
    public void AddTo(Command command)
    {
        command.Add(_scope);
        command.Add(_group);
        command.Add(_workspace);
        command.Add(_compute);
        command.Add(_subscription);
    }

    /// <summary>The scope as a path, percent-encoded; empty for <c>/</c>, so that a provider can follow it.</summary>
    public string Path(ParseResult parsed, Settings settings)
    {
        string? group = parsed.GetValue(_group), workspace = parsed.GetValue(_workspace), compute = parsed.GetValue(_compute);
        if (parsed.GetValue(_scope) is { } scope)
            return group is null && workspace is null && compute is null ? Encode(scope) : throw CliException.Usage("Give --scope, or the names of group, workspace and instance, not both.");
        var path = $"/subscriptions/{ScopeOptions.Segment(settings.Subscription(parsed.GetValue(_subscription)))}";
        if (group is null && workspace is null && compute is null)
            return path;
        path += $"/resourceGroups/{ScopeOptions.Segment(settings.Group(group))}";
        if (workspace is null && compute is null)
            return path;
        path += $"/providers/Microsoft.MachineLearningServices/workspaces/{ScopeOptions.Segment(settings.Workspace(workspace))}";
        return compute is null ? path : $"{path}/computes/{ScopeOptions.Segment(compute)}";
    }

    /// <summary>A scope's id as a path.</summary>
    public static string Encode(string scope)
    {
        if (!scope.StartsWith('/'))
            throw CliException.Usage($"'{scope}' is no scope: it begins with '/', such as /subscriptions/ID.");
        return string.Concat(scope.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(segment => "/" + ScopeOptions.Segment(segment)));
    }
}
