using System.Text.Json;
using Carrel.Instances.Ssh;

namespace Carrel.Instances.Specs.Settings;

/// <summary>The call <c>updateSshKey</c> (contract 13.1): another public key in the place of the stored one.</summary>
public static class SshKeySetting
{
    private const string Member = "adminPublicKey";

    /// <summary>Decides; pure. Who may call is the owner rule's matter.</summary>
    public static SettingDecision Decide(ComputeInstanceModel stored, JsonElement body)
    {
        var findings = new List<Finding>();
        var text = SettingBody.Object(body, Member, findings)?.Text(Member);
        if (findings.Count > 0)
        {
            return new SettingDecision(null, findings);
        }

        var key = string.IsNullOrWhiteSpace(text)
            ? new SshKeyReading(null, "The body needs the 'adminPublicKey' that shall be used from now on, such as 'ssh-ed25519 AAAA... comment'.")
            : SshPublicKey.Read(text);
        if (key.Line is null)
        {
            return new SettingDecision(null, [new Finding(FindingCodes.InvalidSshSettings, key.Reason!, Member)]);
        }

        return stored.SshEnabled
            ? new SettingDecision(stored with { AdminPublicKey = key.Line }, [])
            : new SettingDecision(
                null, [], "The operation UpdateSshKey is not possible: 'sshPublicAccess' of this instance is Disabled, which is fixed at creation. Create another instance with SSH access.");
    }
}
