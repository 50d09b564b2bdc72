namespace Carrel.Simulation.Tests.Checks;

/// <summary>
/// The state table of contract 1.4, written down a second time and in another form than the product's own, so that a slip in one of them
/// shows. A new call on instances is one more row of <see cref="Allowed"/>; a new state, of <see cref="Next"/>.
/// </summary>
internal static class LegalStates
{
    private const string Up = "Running JobRunning UserSetupFailed SetupFailed Unusable Unknown";

    private static readonly Dictionary<string, string> Allowed = new()
    {
        ["start"] = "Stopped",
        ["stop"] = Up,
        ["restart"] = Up,
        ["reimage"] = "Running Stopped",
        ["idle"] = "Running JobRunning Stopped UserSetupFailed",
        ["sso"] = "Running JobRunning Stopped",
        ["plan"] = "Running JobRunning Stopped UserSetupFailed",
        ["awake"] = "Creating CreateFailed Running Restarting JobRunning SettingUp SetupFailed Starting Stopped Stopping UserSettingUp UserSetupFailed Unknown Unusable",
        ["delete"] = "Creating CreateFailed Running Restarting JobRunning SettingUp SetupFailed Starting Stopped Stopping UserSettingUp UserSetupFailed Unknown Unusable",
        ["put"] = "Running JobRunning Stopped UserSetupFailed CreateFailed",
        ["patch"] = "Running JobRunning Stopped UserSetupFailed CreateFailed",
    };

    private static readonly Dictionary<string, string> NothingToDo = new()
    {
        ["start"] = "Running JobRunning Starting",
        ["stop"] = "Stopped Stopping",
        ["delete"] = "Deleting",
    };

    // What the engine brings back after its host went down passes through Starting (docs: reconciler); a deletion that fails goes back.
    private static readonly Dictionary<string, string> Next = new()
    {
        [""] = "Creating",
        ["Creating"] = "SettingUp CreateFailed Deleting",
        ["SettingUp"] = "UserSettingUp Running SetupFailed Deleting",
        ["UserSettingUp"] = "Running UserSetupFailed Deleting",
        ["Running"] = "JobRunning Stopping Restarting Starting Unknown Unusable Deleting",
        ["JobRunning"] = "Running Stopping Restarting Starting Unknown Unusable Deleting",
        ["UserSetupFailed"] = "Stopping Restarting Starting Unknown Unusable Deleting",
        ["SetupFailed"] = "Stopping Restarting Starting Unusable Deleting",
        ["Unknown"] = "Running Stopping Restarting Starting Unusable Deleting",
        ["Unusable"] = "Stopping Restarting Deleting",
        ["Stopping"] = "Stopped Running JobRunning UserSetupFailed SetupFailed Unusable Unknown Deleting",
        // Stopping: a reimage shows the way to where it ends (docs: Azure compatibility).
        ["Stopped"] = "Starting Stopping Deleting",
        ["Starting"] = "SettingUp Stopped Unusable Deleting",
        ["Restarting"] = "SettingUp Stopped Deleting",
        ["CreateFailed"] = "Creating Deleting",
        ["Deleting"] = "CreateFailed Running JobRunning SetupFailed Stopped UserSetupFailed Unknown Unusable",
    };

    // A state in which something is going on, and the operations that may be what is going on.
    private static readonly Dictionary<string, string> Busy = new()
    {
        ["Creating"] = "Create",
        ["SettingUp"] = "Create Start Restart Reimage Recover",
        ["UserSettingUp"] = "Create Start Restart Recover",
        ["Starting"] = "Start Recover",
        ["Stopping"] = "Stop Reimage",
        ["Restarting"] = "Restart Reimage",
        ["Deleting"] = "Delete",
    };

    /// <summary>Whether a call is done, or has nothing to do, in a state.</summary>
    internal static bool IsAccepted(string call, string state) => Has(Allowed, call, state) || Has(NothingToDo, call, state);

    /// <summary>Whether an instance may come from one state into another; the empty state is that of an instance that is not there.</summary>
    internal static bool MayFollow(string before, string after) => before == after || Has(Next, before, after) || (after.Length == 0 && before == "Deleting");

    /// <summary>Whether a state and what runs on the instance belong together.</summary>
    /// <param name="state">State.</param>
    /// <param name="running">Kind of the running operation, or null.</param>
    internal static bool BelongTogether(string state, string? running) =>
        Busy.TryGetValue(state, out string? kinds) ? running is not null && Words(kinds).Contains(running) : running is null or "Settle";

    private static bool Has(Dictionary<string, string> table, string row, string word) => table.TryGetValue(row, out string? words) && Words(words).Contains(word);

    private static string[] Words(string words) => words.Split(' ');
}
