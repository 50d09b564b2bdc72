using System.Text.Json.Nodes;
using Carrel.Engine.Events;

namespace Carrel.Api.History;

/// <summary>Writes an event in the published shape of the activity log (Microsoft.Insights 2015-04-01, EventData).</summary>
internal static class EventBody
{
    private const string Denied = "Denied";

    internal static JsonObject Write(StoredEvent stored, Guid tenantId)
    {
        ActivityEvent happened = stored.Event;
        EventTarget target = EventTarget.Of(happened.Target);
        string time = ArmText.Time(happened.At);
        string id = EventId(stored.Sequence);
        return new JsonObject
        {
            ["authorization"] = new JsonObject { ["action"] = happened.Action, ["scope"] = happened.Target },
            ["caller"] = happened.Actor.Name,
            ["channels"] = "Operation",
            ["claims"] = new JsonObject
            {
                ["name"] = happened.Actor.Name,
                ["idtyp"] = happened.Actor.Kind == "User" ? "user" : "app",
                ["http://schemas.microsoft.com/identity/claims/objectidentifier"] = happened.Actor.ObjectId.ToString("D"),
            },
            ["correlationId"] = happened.CorrelationId,
            ["description"] = happened.Detail ?? "",
            ["eventDataId"] = id,
            ["eventName"] = Words(happened.Outcome == "Accepted" ? "BeginRequest" : "EndRequest"),
            ["category"] = Words("Administrative"),
            ["httpRequest"] = Request(happened),
            ["id"] = $"{happened.Target}/events/{id}/ticks/{happened.At.ToDateTimeUtc().Ticks}",
            ["level"] = happened.Level.ToString(),
            ["resourceGroupName"] = target.Group,
            ["resourceProviderName"] = Words(target.Provider),
            ["resourceId"] = happened.Target,
            ["resourceType"] = Words(target.Type),
            ["operationId"] = happened.OperationId?.ToString("D") ?? happened.CorrelationId,
            ["operationName"] = Words(happened.Action),
            ["properties"] = Properties(happened),
            ["status"] = Words(StatusOf(happened)),
            ["subStatus"] = Words(happened.Outcome == Denied ? "Forbidden" : ""),
            ["eventTimestamp"] = time,
            ["submissionTimestamp"] = time,
            ["subscriptionId"] = happened.Target.Split('/') is [_, _, var subscription, ..] ? subscription : "",
            ["tenantId"] = tenantId.ToString("D"),
        };
    }

    /// <summary>Leaves of an event what <c>$select</c> names.</summary>
    internal static JsonObject Select(JsonObject body, IReadOnlyCollection<string> select)
    {
        if (select.Count == 0)
            return body;
        foreach (string member in body.Select(member => member.Key).Where(member => !select.Contains(member)).ToArray())
            body.Remove(member);
        return body;
    }

    /// <summary>The word of the activity log: what was not allowed has failed there, with the sub-status Forbidden.</summary>
    internal static string StatusOf(ActivityEvent happened) => happened.Outcome == Denied ? "Failed" : happened.Outcome;

    // A number that is never used again, in the form that clients expect.
    private static string EventId(long sequence) => $"00000000-0000-0000-{(sequence >> 48) & 0xFFFF:x4}-{sequence & 0xFFFF_FFFF_FFFF:x12}";

    private static JsonObject? Request(ActivityEvent happened) => happened.RequestId.Length == 0
        ? null
        : new JsonObject
        {
            ["clientRequestId"] = happened.ClientRequestId ?? happened.RequestId,
            ["method"] = happened.Action[(happened.Action.LastIndexOf('/') + 1)..] switch { "write" => "PUT", "delete" => "DELETE", _ => "POST" },
        };

    // A map of texts: the clients read nothing else here.
    private static JsonObject Properties(ActivityEvent happened)
    {
        var properties = new JsonObject { ["cause"] = happened.Cause, ["entity"] = happened.Target, ["message"] = happened.Action };
        if (happened.Detail is { } detail)
            properties["statusMessage"] = detail;
        if (happened.RequestId.Length > 0)
            properties["serviceRequestId"] = happened.RequestId;
        if (happened.UserAgent is { } agent)
            properties["userAgent"] = agent;
        return properties;
    }

    private static JsonObject Words(string value) => new() { ["value"] = value, ["localizedValue"] = value };
}
