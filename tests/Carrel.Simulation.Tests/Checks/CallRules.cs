using Carrel.Simulation.Tests.Steps;
using Carrel.Simulation.Tests.World;

namespace Carrel.Simulation.Tests.Checks;

/// <summary>
/// Whether an answer is right. Others act at the same time, so it must be right for the world as it was at some instant between question and
/// answer; for a single caller on a settled world that is exactly one.
/// </summary>
internal static class CallRules
{
    /// <summary>Sizes by their cores.</summary>
    internal static IReadOnlyDictionary<int, string> Sizes { get; } = new Dictionary<int, string>
    {
        [1] = "STANDARD_DS1_V2",
        [4] = "Standard_D3_v2",
        [16] = "STANDARD_DS14_V2",
        // Of a family whose limit is 0.
        [64] = "Standard_NC64as_T4_v3",
    };

    /// <summary>Nominal cores of a size.</summary>
    internal static int CoresOf(string size) => Sizes.Single(pair => pair.Value.Equals(size, StringComparison.OrdinalIgnoreCase)).Key;

    /// <summary>What is wrong with an answer to a call, or null.</summary>
    internal static string? Fault(Move move, WireAnswer answer, IReadOnlyList<Snapshot> window) =>
        WireRules.Fault(answer, isLong: IsLong(move.Verb, answer.Status))
        ?? (window.Any(world => Explains(move, answer.Status, WordOf(move, answer), world)) ? null : $"{move} was answered {answer.Status} {WordOf(move, answer)} in: {string.Join(" / ", window.Select(world => $"({world})").Distinct())}");

    private static bool IsLong(string verb, int status) => status is 200 or 201 or 202
        && verb is "put" or "putplan" or "putbrief" or "start" or "stop" or "restart" or "reimage" or "delete" or "dropworkspace" or "makeworkspace" or "dropgroup";

    // An update of limits is answered 200, and each of its rows with a word.
    private static string WordOf(Move move, WireAnswer answer) =>
        move.Verb == "quota" && answer.Status == 200 ? answer.Body["value"]![0]!["status"]!.GetValue<string>() : answer.Code;

    private static bool Explains(Move move, int status, string code, Snapshot world)
    {
        if (move.Verb == "quota")
            return ExplainsQuota(move, status, code, world);
        if (move.Verb is "dropgroup" or "makegroup")
            return ExplainsGroup(move.Verb, status, code, world.Groups.GetValueOrDefault(move.Target));
        SeenWorkspace? workspace = world.Workspaces.Values.SingleOrDefault(candidate => candidate.Name == move.Workspace);
        if (move.Verb is "dropworkspace" or "makeworkspace")
            return ExplainsWorkspace(move, status, code, workspace, world);
        if (workspace is null)
            return (status, code) == (404, "ParentResourceNotFound");
        SeenInstance? instance = world.Find(move.Workspace, move.Instance);
        return ExplainsInstance(Requests.Creates(move.Verb) ? move with { Verb = "put", Number = CoresAsked(move) } : move, move.Verb == "putbrief", status, code, world, instance);
    }

    private static int CoresAsked(Move move) => move.Verb == "putplan" ? 1 : move.Number;

    private static bool ExplainsInstance(Move move, bool releases, int status, string code, Snapshot world, SeenInstance? instance)
    {
        string state = instance?.State ?? "";
        bool isGoing = world.Workspaces.Values.Single(workspace => workspace.Name == move.Workspace).State == "Deleting";
        bool accepted = instance is not null && LegalStates.IsAccepted(move.Verb is "badput" ? "put" : move.Verb is "badpatch" ? "patch" : move.Verb, state);
        return (move.Verb, status, code) switch
        {
            ("start", 202, _) when state == "Stopped" => CommitRules.FitsAgain(world, instance!),
            ("start", 400, "ClusterCoreQuotaReached") => state == "Stopped" && !CommitRules.FitsAgain(world, instance!),
            ("get", 200, _) => instance is not null,
            ("delete", 202, _) => accepted,
            ("delete", 204, _) => instance is null,
            ("start" or "stop" or "restart" or "reimage", 202, _) => accepted,
            ("patch" or "idle" or "sso" or "plan" or "awake", 200, _) => accepted,
            ("badpatch", 400, "ComputeInstancePatchNotSupported") => instance is not null,
            ("start" or "stop" or "restart" or "reimage" or "idle" or "sso" or "plan" or "awake" or "patch" or "badpatch" or "put" or "badput", 409, "ComputeOperationConflict") => instance is not null && !accepted,
            ("get" or "start" or "stop" or "restart" or "reimage" or "idle" or "sso" or "plan" or "awake" or "patch" or "badpatch", 404, "ResourceNotFound") => instance is null,
            ("put" or "badput", 404, "ParentResourceNotFound") => isGoing,
            ("put", 201, _) => instance is null && !isGoing,
            ("put", 200, _) => accepted && (state == "CreateFailed" || IsSame(instance!, move, releases)),
            // A wrong body is named before a wrong moment; in CreateFailed the body is that of a creation.
            ("put" or "badput", 409, "ComputeInstanceImmutableProperty") =>
                instance is not null && state != "CreateFailed" && !IsSame(instance, move.Verb == "put" ? move : move with { Number = 1 }, releases),
            ("put", 409, "ComputeNameAlreadyInUse") => instance is null && IsNameTaken(world, move),
            ("put", 400, "ClusterCoreQuotaReached") => IsTooMuch(world, move, instance),
            ("badput", 400, "InvalidIdleTime") => true,
            _ => false,
        };
    }

    private static bool ExplainsWorkspace(Move move, int status, string code, SeenWorkspace? workspace, Snapshot world) => (move.Verb, status, code) switch
    {
        ("makeworkspace", 404, "ResourceGroupNotFound") => !world.Groups.ContainsKey(SimulatedWorld.GroupOf(move.Workspace)),
        ("makeworkspace", 409, "ResourceGroupBeingDeleted") => world.Groups.GetValueOrDefault(SimulatedWorld.GroupOf(move.Workspace)) == "Deleting",
        ("makeworkspace", 200 or 201, _) when world.Groups.GetValueOrDefault(SimulatedWorld.GroupOf(move.Workspace)) != "Succeeded" => false,
        ("dropworkspace", 202, _) => workspace is not null,
        ("dropworkspace", 204, _) => workspace is null,
        ("makeworkspace", 201, _) => workspace is null,
        ("makeworkspace", 200, _) => workspace is { State: not "Deleting" },
        ("makeworkspace", 409, "WorkspaceBeingDeleted") => workspace is { State: "Deleting" },
        _ => false,
    };

    private static bool ExplainsGroup(string verb, int status, string code, string? state) => (verb, status, code) switch
    {
        ("dropgroup", 202, _) => state is not null,
        ("dropgroup", 404, "ResourceGroupNotFound") => state is null,
        ("makegroup", 201, _) => state is null,
        ("makegroup", 200, _) => state == "Succeeded",
        ("makegroup", 409, "ResourceGroupBeingDeleted") => state == "Deleting",
        _ => false,
    };

    // What is in use bounds a limit from below; what is said again as it is, is never refused (contract 10.4).
    private static bool ExplainsQuota(Move move, int status, string word, Snapshot world) => (status, word) switch
    {
        (200, "Success") => move.Number >= world.Cores(move.Target) || move.Number == world.Limit(move.Target),
        (200, "InvalidQuotaBelowClusterMinimum") => move.Number < world.Cores(move.Target),
        _ => false,
    };

    // The size is fixed, and so is whether cores are given back; a body that does not say it leaves it.
    private static bool IsSame(SeenInstance instance, Move move, bool releases) =>
        instance.Size.Equals(Sizes[move.Number], StringComparison.OrdinalIgnoreCase) && (!releases || instance.Releases);

    private static bool IsNameTaken(Snapshot world, Move move) => world.Instances.Values.Any(other =>
        other.Name == move.Instance && other.Workspace != move.Workspace && other.Location == SimulatedWorld.LocationOf(move.Workspace));

    private static bool IsTooMuch(Snapshot world, Move move, SeenInstance? own) =>
        move.Number == 64 || !world.HasPlace(SimulatedWorld.LocationOf(move.Workspace), move.Number, own?.Cores ?? 0);
}
