using Carrel.Access.Directory;
using Carrel.Engine.Storage;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;

namespace Carrel.Api.Authorization;

/// <summary>Calls on an instance that need its owner besides a role (contract 7.5): opening applications, the SSH key, single sign-on.</summary>
public sealed class InstanceOwnership(IEngineStore store, IDirectoryStore directory)
{
    /// <summary>The calls that <see cref="OwnerRule"/> keeps for the owner, by the action their route asks for. A call of that list without an action fails here at once.</summary>
    private static readonly Dictionary<string, InstanceCall> OwnersCalls = OwnerRule.OwnersAlone
        .SelectMany(call => ActionsOf(call).Select(action => (action, call)))
        .ToDictionary(pair => pair.action, pair => pair.call, StringComparer.OrdinalIgnoreCase);

    /// <summary>Why a principal whom roles allow an action may not do it, because the instance is somebody else's; null when ownership does not forbid it.</summary>
    /// <param name="principalId">Whose access it is.</param>
    /// <param name="action">The operation.</param>
    /// <param name="scope">Where.</param>
    /// <param name="showsNames">Whether whoever asks may learn the owner's name; asked only when there is one to tell.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<string?> RefusalAsync(Guid principalId, string action, string scope, Func<Task<bool>> showsNames, CancellationToken cancellation)
    {
        if (AddressOf(scope) is not { } address || await store.ReadAsync(view => view.FindInstance(address), cancellation) is not { } instance || instance.Owner == principalId)
            return null;
        // Applications have no rule of a call: the gateway compares owner and person itself. Their action is that of the SSH key.
        string? reason = !OwnersCalls.TryGetValue(action, out InstanceCall call) ? null
            : call == InstanceCall.UpdateSshKey ? "Nobody else opens its applications or changes its SSH key, whatever roles say."
            : OwnerRule.Refusal(call, instance, principalId)?.Message;
        if (reason is null)
            return null;
        string? name = !await showsNames() ? null
            : (await directory.FindUserAsync(instance.Owner, cancellation))?.UserName ?? (await directory.FindServicePrincipalByObjectIdAsync(instance.Owner, cancellation))?.DisplayName;
        return $"Roles allow it, but the instance belongs to '{instance.Owner:D}'{(name is null ? "" : $" ({name})")}. {reason}";
    }

    /// <summary>The instance that a scope is; null for any other scope.</summary>
    public static InstanceAddress? AddressOf(string scope)
    {
        string[] segments = scope.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return segments.Length == 10 && Is(segments[5], "Microsoft.MachineLearningServices") && Is(segments[6], "workspaces") && Is(segments[8], "computes")
            ? new InstanceAddress(segments[1], segments[3], segments[7], segments[9])
            : null;
    }

    private static bool Is(string segment, string word) => segment.Equals(word, StringComparison.OrdinalIgnoreCase);

    private static string[] ActionsOf(InstanceCall call) => call switch
    {
        InstanceCall.EnableSso => [Actions.ComputeEnableSso, Actions.ComputeEnableSsoAlias],
        InstanceCall.UpdateSshKey => [Actions.ComputeApplicationAccess],
        _ => throw new NotSupportedException($"The call {call} is the owner's alone and has no action here."),
    };
}
