using System.Text.Json;
using Carrel.Instances.Specs.Reading;
using Carrel.Instances.Specs.Validation;

namespace Carrel.Instances.Specs.Settings;

/// <summary>The call <c>customServices</c> (contract 13.3): a bare list of services replaces the stored one.</summary>
public static class CustomServiceSetting
{
    /// <summary>Decides; pure. A service that somebody else than the owner brings switches single sign-on off (contract 9.2).</summary>
    public static SettingDecision Decide(ComputeInstanceModel stored, JsonElement body, ValidationContext context)
    {
        var findings = new List<Finding>();
        var sent = SettingBody.Items(body, findings).ConvertAll(CustomServiceReader.Read);
        if (findings.Count > 0)
        {
            return new SettingDecision(null, findings);
        }

        var isPrivate = ComputeInstanceValidator.IsPrivate(stored.EnableNodePublicIp, context);
        var services = CustomServiceValidator.Validate(sent, isPrivate, findings, "");
        return SettingDecision.Of(UpdateRules.WithoutForeignSso(stored, stored with { CustomServices = services }, context), findings);
    }
}
