using Carrel.Access.Roles;
using Carrel.Arm.Errors;
using Carrel.Engine.Storage;
using Carrel.Instances.Resources;

namespace Carrel.Api.Authorization;

/// <summary>Whether there is something at a scope that a role can be given on. A role on what does not exist would wait for whoever makes it.</summary>
public sealed class ScopeExistence(IEngineStore store, ApiOptions options)
{
    /// <summary>Returns when the scope exists. Of types that Carrel keeps elsewhere (identities, subnets) the group has to exist.</summary>
    /// <exception cref="ArmException">404 for what is missing, 400 <c>InvalidScope</c> for what is no scope.</exception>
    public async Task RequireAsync(string scope, CancellationToken cancellation)
    {
        if (RoleScope.Read(scope) is null)
            throw new ArmException(400, "InvalidScope", $"'{scope}' is no scope: it is '/', a subscription, a resource group or a resource.", "scope");
        string[] segments = scope.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments.Length == 0)
            return;
        if (!segments[1].Equals(options.SubscriptionId.ToString("D"), StringComparison.OrdinalIgnoreCase))
            throw new ArmException(404, "SubscriptionNotFound", $"The subscription '{segments[1]}' could not be found.", "scope");
        if (Missing(segments, await store.ReadAsync(view => Look(view, segments), cancellation)) is { } missing)
            throw missing;
    }

    private static Found Look(IEngineView view, string[] segments)
    {
        bool group = segments.Length < 4 || view.FindResourceGroup(segments[1], segments[3]) is not null;
        if (!IsWorkspace(segments))
            return new Found(group, true, true);
        bool workspace = view.FindWorkspace(new WorkspaceAddress(segments[1], segments[3], segments[7])) is not null;
        bool compute = segments.Length < 10 || !Is(segments[8], "computes")
            || view.FindInstance(new InstanceAddress(segments[1], segments[3], segments[7], segments[9])) is not null;
        return new Found(group, workspace, compute);
    }

    private static ArmException? Missing(string[] segments, Found found) => found switch
    {
        { Group: false } => new ArmException(404, "ResourceGroupNotFound", $"Resource group '{segments[3]}' could not be found.", "scope"),
        { Workspace: false } => new ArmException(404, "ResourceNotFound", $"The workspace '{segments[7]}' was not found in resource group '{segments[3]}'.", "scope"),
        { Compute: false } => new ArmException(404, "ResourceNotFound", $"The compute '{segments[9]}' was not found in workspace '{segments[7]}'.", "scope"),
        _ => null,
    };

    private static bool IsWorkspace(string[] segments) =>
        segments.Length >= 8 && Is(segments[5], "Microsoft.MachineLearningServices") && Is(segments[6], "workspaces");

    private static bool Is(string segment, string word) => segment.Equals(word, StringComparison.OrdinalIgnoreCase);

    private sealed record Found(bool Group, bool Workspace, bool Compute);
}
