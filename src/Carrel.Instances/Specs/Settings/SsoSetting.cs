using System.Text.Json;

namespace Carrel.Instances.Specs.Settings;

/// <summary>The call <c>enableSso</c> (contract 9.2): single sign-on on or off.</summary>
public static class SsoSetting
{
    private const string Member = "enableSSO";

    /// <summary>Decides; pure. Who may call is the owner rule's matter.</summary>
    public static SettingDecision Decide(ComputeInstanceModel stored, JsonElement body)
    {
        var findings = new List<Finding>();
        var asked = SettingBody.Object(body, Member, findings)?.Flag(Member);
        if (asked is null && findings.Count == 0)
        {
            findings.Add(new Finding(FindingCodes.InvalidRequestBody, "The body needs 'enableSSO', true or false.", Member));
        }

        return SettingDecision.Of(stored with { EnableSso = asked ?? stored.EnableSso }, findings);
    }
}
