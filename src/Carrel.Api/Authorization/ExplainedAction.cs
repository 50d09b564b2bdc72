using Carrel.Access.Roles;
using Carrel.Arm.Errors;
using Carrel.Arm.Pipeline;

namespace Carrel.Api.Authorization;

/// <summary>The operation that access is explained for. An explanation of one that no call asks for would be true and of no use. Pure.</summary>
internal static class ExplainedAction
{
    private const string ComputeActions = "Microsoft.MachineLearningServices/workspaces/computes/";
    private const int LongestShown = 100;

    /// <summary>The operation as it was sent.</summary>
    /// <exception cref="ArmException">400 <c>InvalidAction</c>; for the word of a route that asks for another operation, it names that one.</exception>
    internal static string Read(string sent, IEnumerable<ArmOperation> routes)
    {
        if (OperationName.Fault(sent) is not { } fault)
            return sent;
        string shown = new([.. (sent.Length > LongestShown ? sent[..LongestShown] : sent).Where(letter => !char.IsControl(letter))]);
        throw new ArmException(400, "InvalidAction", $"'{shown}' {fault}.{Hint(sent, routes)}", "action");
    }

    // 'keepAwake', 'updateSshKey' and 'customServices' are calls whose operation has another name.
    private static string Hint(string sent, IEnumerable<ArmOperation> routes)
    {
        string call = sent.StartsWith(ComputeActions, StringComparison.OrdinalIgnoreCase) ? sent[ComputeActions.Length..].Split('/')[0] : sent;
        ArmOperation? route = routes.FirstOrDefault(candidate => candidate.Pattern.Equals($"{Patterns.Compute}/{call}", StringComparison.OrdinalIgnoreCase));
        return route?.Action is { } action ? $" The call '{call}' asks for {action}." : "";
    }
}
