using System.Text.Json;

namespace Carrel.Instances.Specs.Settings;

/// <summary>The call <c>updateIdleShutdownSetting</c> (contract 4.1): a duration, or nothing for off.</summary>
public static class IdleTimeSetting
{
    private const string Member = "idleTimeBeforeShutdown";

    /// <summary>Decides; pure.</summary>
    public static SettingDecision Decide(ComputeInstanceModel stored, JsonElement body)
    {
        var findings = new List<Finding>();
        var text = SettingBody.Object(body, Member, findings)?.Text(Member);
        var minutes = ComputeInstanceValidator.CheckIdle(text, findings, Member);
        return SettingDecision.Of(stored with { IdleMinutes = minutes }, findings);
    }
}
