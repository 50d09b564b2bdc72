using System.Text.Json.Nodes;

namespace Carrel.Arm.Errors;

/// <summary>The ARM error envelope (contract 1.7).</summary>
public static class ArmErrorBody
{
    /// <summary><c>{"error":{"code","message","target","details":[]}}</c>.</summary>
    public static JsonObject Envelope(ArmError error) => new() { ["error"] = Write(error) };

    private static JsonObject Write(ArmError error)
    {
        var details = new JsonArray();
        foreach (ArmError detail in error.Details ?? [])
            details.Add(Write(detail));
        return new JsonObject { ["code"] = error.Code, ["message"] = error.Message, ["target"] = error.Target, ["details"] = details };
    }
}
