using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Carrel.Arm.Errors;

/// <summary>The ARM error envelope (contract 1.7).</summary>
public static class ArmErrorBody
{
    // Read by programs and by people in a terminal, never part of a page: quotes stay quotes.
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary><c>{"error":{"code","message","target","details":[]}}</c>.</summary>
    public static JsonObject Envelope(ArmError error) => new() { ["error"] = Write(error) };

    /// <summary>The envelope as JSON in UTF-8, for answers outside the ARM pipeline.</summary>
    public static byte[] Text(ArmError error) => JsonSerializer.SerializeToUtf8Bytes(Envelope(error), Relaxed);

    private static JsonObject Write(ArmError error)
    {
        var details = new JsonArray();
        foreach (ArmError detail in error.Details ?? [])
            details.Add(Write(detail));
        return new JsonObject { ["code"] = error.Code, ["message"] = error.Message, ["target"] = error.Target, ["details"] = details };
    }
}
