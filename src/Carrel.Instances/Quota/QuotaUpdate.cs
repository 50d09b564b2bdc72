using System.Text.Json;
using System.Text.Json.Nodes;
using Carrel.Instances.Specs;

namespace Carrel.Instances.Quota;

/// <summary>One limit to set, as sent.</summary>
/// <param name="SentId">The id as sent, for the answer.</param>
/// <param name="Id">The id, read.</param>
/// <param name="Type">The type as sent, or null; it means nothing, the id decides.</param>
/// <param name="Limit">The limit; -1 takes a limit away: a workspace's own one, or the subscription's in favour of the default.</param>
public sealed record QuotaUpdate(string SentId, QuotaId Id, string? Type, int Limit)
{
    /// <summary>How many limits one call may set.</summary>
    public const int Most = 1000;

    /// <summary>Reads the body of an update: <c>{value:[{id,type,limit,unit}],location}</c>.</summary>
    /// <param name="body">A JSON object.</param>
    /// <param name="subscriptionId">Subscription of the request.</param>
    /// <param name="location">Location of the request.</param>
    /// <param name="findings">Takes everything that is wrong; then nothing is set.</param>
    public static IReadOnlyList<QuotaUpdate> Read(JsonElement body, string subscriptionId, string location, List<Finding> findings)
    {
        if (Member(body, "location") is { } sent && (sent.ValueKind != JsonValueKind.String || !IsSame(sent.GetString()!, location)))
        {
            findings.Add(Wrong("location", $"'location' must be the location of the path, '{location}', or be left out."));
        }

        if (Member(body, "value") is not { ValueKind: JsonValueKind.Array } value || value.GetArrayLength() is 0 or > Most)
        {
            findings.Add(Wrong("value", $"'value' must be a list of 1 to {Most} limits, each with 'id' and 'limit', such as rows of the quotas list."));
            return [];
        }

        return [.. value.EnumerateArray().Select((item, index) => ReadItem(item, $"value[{index}]", subscriptionId, findings)).OfType<QuotaUpdate>()];
    }

    /// <summary>One row of the answer.</summary>
    /// <param name="status">What came of it.</param>
    /// <param name="limit">The limit that is in force now.</param>
    public JsonObject Row(QuotaUpdateStatus status, int limit) => new()
    {
        ["id"] = SentId,
        ["type"] = Type ?? QuotaWords.Namespace + (Id.Workspace is null ? "vmFamily/quotas" : "workspaces/quotas"),
        ["limit"] = limit,
        ["unit"] = "Count",
        ["status"] = status.ToString(),
    };

    private static QuotaUpdate? ReadItem(JsonElement item, string path, string subscriptionId, List<Finding> findings)
    {
        var before = findings.Count;
        if (item.ValueKind != JsonValueKind.Object)
        {
            findings.Add(Wrong(path, $"'{path}' must be an object with 'id' and 'limit'."));
            return null;
        }

        var text = Member(item, "id") is { ValueKind: JsonValueKind.String } sent ? sent.GetString()! : "";
        if (QuotaId.Read(text) is not { } id || !string.Equals(id.SubscriptionId, subscriptionId, StringComparison.OrdinalIgnoreCase))
        {
            findings.Add(Wrong(path + ".id", $"'{path}.id' must be the id of a row of the quotas list of subscription '{subscriptionId}'."));
            id = null;
        }

        var limit = QuotaWords.NoOwnLimit;
        if (Member(item, "limit") is not { ValueKind: JsonValueKind.Number } number || !number.TryGetInt32(out limit) || limit < QuotaWords.NoOwnLimit)
        {
            findings.Add(Wrong(path + ".limit", $"'{path}.limit' must be a whole number from 0 to {int.MaxValue}, or -1 for no limit of its own."));
        }

        if (Member(item, "unit") is { } unit && !(unit.ValueKind == JsonValueKind.String && IsSame(unit.GetString()!, "Count")))
        {
            findings.Add(Wrong(path + ".unit", $"'{path}.unit' must be 'Count', or be left out."));
        }

        if (Member(item, "type") is { ValueKind: not JsonValueKind.String })
        {
            findings.Add(Wrong(path + ".type", $"'{path}.type' must be a text, or be left out."));
        }

        return findings.Count > before ? null : new QuotaUpdate(text, id!, Member(item, "type")?.GetString(), limit);
    }

    private static Finding Wrong(string target, string message) => new(FindingCodes.InvalidRequestBody, message, target);

    private static bool IsSame(string left, string right) =>
        string.Equals(left.Replace(" ", "", StringComparison.Ordinal), right, StringComparison.OrdinalIgnoreCase);

    private static JsonElement? Member(JsonElement parent, string name)
    {
        foreach (var member in parent.EnumerateObject())
        {
            if (string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return member.Value.ValueKind == JsonValueKind.Null ? null : member.Value;
            }
        }

        return null;
    }
}
