using System.CommandLine;
using Carrel.Cli.Configuration;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands;

/// <summary>Subscription, resource group and workspace of a command, and the paths made of them.</summary>
internal sealed class ScopeOptions
{
    private const string Provider = "providers/Microsoft.MachineLearningServices";

    private readonly Option<string?> _subscription = new("--subscription") { Description = "Subscription id.", HelpName = "id" };
    private readonly Option<string?> _group = new("--resource-group", "-g") { Description = "Resource group.", HelpName = "name" };
    private readonly Option<string?> _workspace = new("--workspace-name", "-w") { Description = "Workspace.", HelpName = "name" };
    private readonly Option<string?> _location = new("--location", "-l") { Description = "Location; the workspace's own when absent.", HelpName = "label" };

    /// <summary>Adds the subscription alone.</summary>
    public void AddSubscriptionTo(Command command) => command.Add(_subscription);

    /// <summary>Adds subscription and group.</summary>
    public void AddGroupTo(Command command)
    {
        command.Add(_group);
        command.Add(_subscription);
    }

    /// <summary>Adds subscription, group and workspace.</summary>
    public void AddWorkspaceTo(Command command)
    {
        command.Add(_group);
        command.Add(_workspace);
        command.Add(_subscription);
    }

    /// <summary>Adds <c>--location</c>.</summary>
    public void AddLocationTo(Command command) => command.Add(_location);

    /// <summary>The location that was given, if one was.</summary>
    public string? GivenLocation(ParseResult parsed) => parsed.GetValue(_location);

    /// <summary>The resource group that was given, if one was.</summary>
    public string? GivenGroup(ParseResult parsed) => parsed.GetValue(_group);

    /// <summary>Path of the subscription.</summary>
    public string Subscription(ParseResult parsed, Settings settings) => $"/subscriptions/{Segment(SubscriptionId(parsed, settings))}";

    /// <summary>The subscription's id.</summary>
    public string SubscriptionId(ParseResult parsed, Settings settings) => settings.Subscription(parsed.GetValue(_subscription));

    /// <summary>The resource group's name.</summary>
    public string GroupName(ParseResult parsed, Settings settings) => settings.Group(parsed.GetValue(_group));

    /// <summary>Path of the list of resource groups.</summary>
    public string Groups(ParseResult parsed, Settings settings) => $"{Subscription(parsed, settings)}/resourceGroups";

    /// <summary>Path of the resource group of that name.</summary>
    public string GroupNamed(ParseResult parsed, Settings settings, string name) => $"{Groups(parsed, settings)}/{Segment(name)}";

    /// <summary>Path of the list of workspaces of the resource group.</summary>
    public string Workspaces(ParseResult parsed, Settings settings) =>
        $"{Groups(parsed, settings)}/{Segment(GroupName(parsed, settings))}/{Provider}/workspaces";

    /// <summary>Path of the list of workspaces of the subscription.</summary>
    public string AllWorkspaces(ParseResult parsed, Settings settings) => $"{Subscription(parsed, settings)}/{Provider}/workspaces";

    /// <summary>Path of the workspace.</summary>
    public string Workspace(ParseResult parsed, Settings settings) => WorkspaceOrDefault(parsed, settings, parsed.GetValue(_workspace));

    /// <summary>Path of the workspace of that name, or of the default one when there is none.</summary>
    public string WorkspaceOrDefault(ParseResult parsed, Settings settings, string? name) => $"{Workspaces(parsed, settings)}/{Segment(settings.Workspace(name))}";

    /// <summary>Path of the workspace of exactly that name.</summary>
    public string WorkspaceNamed(ParseResult parsed, Settings settings, string name) => $"{Workspaces(parsed, settings)}/{Segment(name)}";

    /// <summary>Path of a compute of the workspace.</summary>
    public string Compute(ParseResult parsed, Settings settings, string name) => $"{Workspace(parsed, settings)}/computes/{Segment(name)}";

    /// <summary>Path of a location of the subscription.</summary>
    public string Location(ParseResult parsed, Settings settings, string location) =>
        $"{Subscription(parsed, settings)}/{Provider}/locations/{Segment(location)}";

    /// <summary>A name as one segment of a path.</summary>
    public static string Segment(string name) => name is "." or ".." or ""
        ? throw CliException.Usage($"'{name}' is not a name.") : Uri.EscapeDataString(name);
}
