using Carrel.Instances.Specs.Validation;
using Carrel.Instances.Ssh;

namespace Carrel.Instances.Specs.Updates;

/// <summary>
/// The group that is accepted and neither applied nor validated: each has its own action, or belongs to the owner (contract 1.6).
/// <c>disableLocalAuth</c> and <c>applicationSharingPolicy</c> are nobody's choice (clients always send them) and are never named.
/// </summary>
internal static class NotAppliedProperties
{
    public static List<string> Names(ComputeInstanceModel stored, ComputeInstanceSpec sent, ValidationContext context)
    {
        var names = ComputeInstanceValidator.NotApplied(sent, context);
        void Differs(bool differs, string name)
        {
            if (differs)
            {
                names.Add(name);
            }
        }

        Differs(
            DifferentScript(stored.CreationScript, sent.CreationScript) || DifferentScript(stored.StartupScript, sent.StartupScript),
            Paths.Inner + "setupScripts");
        Differs((sent.EnableSso ?? stored.EnableSso) != stored.EnableSso, Paths.Inner + "enableSSO");
        Differs(DifferentKey(stored.AdminPublicKey, sent.AdminPublicKey), Paths.SshKey);
        Differs((sent.ProvisionStopped ?? stored.ProvisionStopped) != stored.ProvisionStopped, Paths.ProvisionStopped);
        return names;
    }

    private static bool DifferentScript(SetupScriptModel? stored, SetupScriptSpec? sent)
    {
        if (sent is null || (string.IsNullOrEmpty(sent.Data) && string.IsNullOrEmpty(sent.Arguments)))
        {
            return false;
        }

        // The Python reader turns every source into workspaceStorage (wire 3.1): no wish of anybody.
        var source = EnumWord.Read<ScriptSource>(sent.Source);
        var sameSource = sent.Source is null || source == stored?.Source || source == ScriptSource.WorkspaceStorage;
        return stored is null || !sameSource || Different(stored.Data, sent.Data) || Different(stored.Arguments, sent.Arguments)
            || Different(stored.Timeout, SetupScriptValidator.ReadTimeout(sent.Timeout));
    }

    private static bool Different(string? stored, string? sent) => !string.IsNullOrEmpty(sent) && sent != stored;

    private static bool DifferentKey(string? stored, string? sent) =>
        !string.IsNullOrWhiteSpace(sent) && (SshPublicKey.Read(sent).Line is not { } line || line != stored);
}
