using Carrel.Simulation.Tests.Steps;
using Carrel.Simulation.Tests.World;

namespace Carrel.Simulation.Tests.Checks;

/// <summary>
/// Whether an answer is right. Others act at the same time, so it must be right for the world as it was at some instant between question and
/// answer; for a single caller on a settled world that is exactly one.
/// </summary>
internal static class CallRules
{
    private const int TotalCores = 100;

    /// <summary>Sizes by their cores.</summary>
    internal static IReadOnlyDictionary<int, string> Sizes { get; } = new Dictionary<int, string>
    {
        [1] = "STANDARD_DS1_V2",
        [4] = "Standard_D3_v2",
        [16] = "STANDARD_DS14_V2",
        // Of a family whose limit is 0.
        [64] = "Standard_NC64as_T4_v3",
    };

    /// <summary>What is wrong with an answer to a call, or null.</summary>
    internal static string? Fault(Move move, WireAnswer answer, IReadOnlyList<Snapshot> window) =>
        WireRules.Fault(answer, isLong: IsLong(move.Verb, answer.Status))
        ?? (window.Any(world => Explains(move, answer.Status, answer.Code, world)) ? null : $"{move} was answered {answer.Status} {answer.Code} in: {string.Join(" / ", window.Select(world => $"({world})").Distinct())}");

    private static bool IsLong(string verb, int status) => status is 200 or 201 or 202 && verb is "put" or "start" or "stop" or "restart" or "reimage" or "delete" or "dropworkspace" or "makeworkspace";

    private static bool Explains(Move move, int status, string code, Snapshot world)
    {
        SeenWorkspace? workspace = world.Workspaces.Values.SingleOrDefault(candidate => candidate.Name == move.Workspace);
        if (move.Verb is "dropworkspace" or "makeworkspace")
            return ExplainsWorkspace(move.Verb, status, code, workspace);
        if (workspace is null)
            return (status, code) == (404, "ParentResourceNotFound");
        SeenInstance? instance = world.Find(move.Workspace, move.Instance);
        string state = instance?.State ?? "";
        bool accepted = instance is not null && LegalStates.IsAccepted(move.Verb is "badput" ? "put" : move.Verb is "badpatch" ? "patch" : move.Verb, state);
        return (move.Verb, status, code) switch
        {
            ("get", 200, _) => instance is not null,
            ("delete", 202, _) => accepted,
            ("delete", 204, _) => instance is null,
            ("start" or "stop" or "restart" or "reimage", 202, _) => accepted,
            ("patch" or "idle" or "sso", 200, _) => accepted,
            ("badpatch", 400, "ComputeInstancePatchNotSupported") => instance is not null,
            ("start" or "stop" or "restart" or "reimage" or "idle" or "sso" or "patch" or "badpatch" or "put" or "badput", 409, "ComputeOperationConflict") => instance is not null && !accepted,
            ("get" or "start" or "stop" or "restart" or "reimage" or "idle" or "sso" or "patch" or "badpatch", 404, "ResourceNotFound") => instance is null,
            ("put" or "badput", 404, "ParentResourceNotFound") => workspace.State == "Deleting",
            ("put", 201, _) => instance is null && workspace.State != "Deleting",
            ("put", 200, _) => accepted && (state == "CreateFailed" || IsSize(instance!, move)),
            // A wrong body is named before a wrong moment; in CreateFailed the body is that of a creation.
            ("put" or "badput", 409, "ComputeInstanceImmutableProperty") =>
                instance is not null && state != "CreateFailed" && !IsSize(instance, move.Verb == "put" ? move : move with { Number = 1 }),
            ("put", 409, "ComputeNameAlreadyInUse") => instance is null && IsNameTaken(world, move),
            ("put", 400, "ClusterCoreQuotaReached") => IsTooMuch(world, move, instance),
            ("badput", 400, "InvalidIdleTime") => true,
            _ => false,
        };
    }

    private static bool ExplainsWorkspace(string verb, int status, string code, SeenWorkspace? workspace) => (verb, status, code) switch
    {
        ("dropworkspace", 202, _) => workspace is not null,
        ("dropworkspace", 204, _) => workspace is null,
        ("makeworkspace", 201, _) => workspace is null,
        ("makeworkspace", 200, _) => workspace is { State: not "Deleting" },
        ("makeworkspace", 409, "WorkspaceBeingDeleted") => workspace is { State: "Deleting" },
        _ => false,
    };

    private static bool IsSize(SeenInstance instance, Move move) => instance.Size.Equals(Sizes[move.Number], StringComparison.OrdinalIgnoreCase);

    private static bool IsNameTaken(Snapshot world, Move move) => world.Instances.Values.Any(other =>
        other.Name == move.Instance && other.Workspace != move.Workspace && other.Location == SimulatedWorld.LocationOf(move.Workspace));

    private static bool IsTooMuch(Snapshot world, Move move, SeenInstance? own) =>
        move.Number == 64 || world.Cores(SimulatedWorld.LocationOf(move.Workspace)) - (own?.Cores ?? 0) + move.Number > TotalCores;
}
