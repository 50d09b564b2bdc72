using System.Text.Json;
using System.Text.Json.Nodes;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Computes;

/// <summary>What an update comes to.</summary>
/// <param name="Body">The PUT: the stored resource with what changes; null when it stays as it is.</param>
/// <param name="TurnsIdleOff">Idle shutdown ends; a PUT cannot say that, because what is absent from one stays.</param>
/// <param name="Fixed">What was asked for and cannot change, one sentence each.</param>
internal sealed record InstanceUpdate(JsonObject? Body, bool TurnsIdleOff, IReadOnlyList<string> Fixed)
{
    private const string Anew = "it is fixed at creation: delete the instance and create it anew";

    private static readonly (string Member, string Key, string Remedy)[] FixedMembers =
    [
        ("vmSize", "size", Anew),
        ("sshSettings", "ssh_public_access_enabled, ssh_settings", Anew),
        ("subnet", "network_settings", Anew),
        ("personalComputeInstanceSettings", "create_on_behalf_of", Anew),
        ("setupScripts", "setup_scripts", Anew),
        ("enableNodePublicIp", "enable_node_public_ip", Anew),
        ("enableRootAccess", "enable_root_access", Anew),
        ("releaseQuotaOnStop", "release_quota_on_stop", Anew),
        ("enableOSPatching", "enable_os_patching", Anew),
        ("enableSSO", "enable_sso", "it has a verb of its own: carrel compute enable-sso"),
    ];

    /// <summary>What the file says and no update can do, for the caller to show.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The schedules that the instance has after it, as they are sent: with the ids of those that stay.</summary>
    /// <param name="stored">The resource as the server answers it.</param>
    public JsonObject Schedules(JsonObject stored) =>
        Inner(Body ?? stored)["schedules"]?.DeepClone() as JsonObject is { } schedules && schedules["computeStartStop"] is JsonArray
            ? schedules : new JsonObject { ["computeStartStop"] = new JsonArray() };

    /// <summary>Refuses what asks for something that cannot change.</summary>
    /// <param name="outcome">What comes of it, the begin of a sentence.</param>
    /// <exception cref="CliException">Something that cannot change is asked for; it names all of it.</exception>
    public void RequireChangeable(string outcome)
    {
        if (Fixed.Count > 0)
            throw CliException.Usage($"{outcome}, because this cannot change on an existing instance:\n  {string.Join("\n  ", Fixed)}");
    }

    /// <summary>Compares what the touched keys say now with what they shall say (contract 1.6), and decides before anything is sent.</summary>
    /// <param name="stored">The resource as the server answers it.</param>
    /// <param name="before">The touched keys of the stored resource as a request.</param>
    /// <param name="after">The same keys with the changes.</param>
    public static InstanceUpdate Decide(JsonObject stored, ComputeRequest before, ComputeRequest after)
    {
        var (old, asked) = (Inner(before.Body), Inner(after.Body));
        var refused = FixedMembers.Where(row => Differs(old[row.Member], asked[row.Member], IgnoresCase(row.Member))).Select(row => $"{row.Key}: {row.Remedy}").ToList();
        if (!string.Equals(before.Name, after.Name, StringComparison.OrdinalIgnoreCase))
            refused.Add($"name: {Anew}");
        if (after.Location is { } location && !SameLocation(location, stored["location"]?.ToString()))
            refused.Add($"location: {Anew}");

        var body = new JsonObject();
        foreach (var member in new[] { "location", "tags", "identity", "properties" })
            if (stored[member] is { } value)
                body[member] = value.DeepClone();
        var changes = ChangeOuter(body, before.Body, after.Body) | ChangeInner(Inner(body), old, asked);
        var idleOff = old["idleTimeBeforeShutdown"] is not null && asked["idleTimeBeforeShutdown"] is null;
        return new InstanceUpdate(changes ? body : null, idleOff, refused) { Warnings = after.Warnings };
    }

    private static bool ChangeOuter(JsonObject body, JsonObject before, JsonObject after)
    {
        var changes = false;
        if (!JsonNode.DeepEquals(before["tags"], after["tags"]))
            (body["tags"], changes) = (after["tags"]?.DeepClone() ?? new JsonObject(), true);
        if (!JsonNode.DeepEquals(before["identity"], after["identity"]))
            (body["identity"], changes) = (after["identity"]?.DeepClone() ?? new JsonObject { ["type"] = "None" }, true);
        var description = after["properties"]!["description"];
        if (!JsonNode.DeepEquals(before["properties"]!["description"], description))
            (body["properties"]!["description"], changes) = (description?.DeepClone(), true);
        return changes;
    }

    private static bool ChangeInner(JsonObject body, JsonObject before, JsonObject after)
    {
        var changes = false;
        if (after["idleTimeBeforeShutdown"] is { } idle && !JsonNode.DeepEquals(before["idleTimeBeforeShutdown"], idle))
            (body["idleTimeBeforeShutdown"], changes) = (idle.DeepClone(), true);
        var (oldRows, newRows) = (Rows(before["schedules"]?["computeStartStop"]), Rows(after["schedules"]?["computeStartStop"]));
        if (!JsonNode.DeepEquals(oldRows, newRows))
        {
            var rows = Kept(Rows(body["schedules"]?["computeStartStop"]), oldRows, newRows);
            (body["schedules"], changes) = (new JsonObject { ["computeStartStop"] = rows }, true);
        }
        (oldRows, newRows) = (Rows(before["customServices"]), Rows(after["customServices"]));
        if (!JsonNode.DeepEquals(oldRows, newRows))
            (body["customServices"], changes) = (Kept(Rows(body["customServices"]), oldRows, newRows), true);
        return changes;
    }

    /// <summary>The new rows, but each that was there already as it is stored: a file has no words for every member of it.</summary>
    private static JsonArray Kept(JsonArray stored, JsonArray before, JsonArray after)
    {
        var kept = new JsonArray();
        foreach (var row in after)
        {
            var known = before.Select((old, index) => (old, index)).Where(pair => JsonNode.DeepEquals(pair.old, row)).Select(pair => (int?)pair.index).FirstOrDefault();
            kept.Add((known is { } at && at < stored.Count ? stored[at] : row)?.DeepClone());
        }
        return kept;
    }

    /// <summary>Whether something is asked for that is not so now. Only what is asked is compared: what a file leaves out stays.</summary>
    private static bool Differs(JsonNode? now, JsonNode? asked, bool ignoresCase) => asked switch
    {
        null => false,
        JsonObject members => members.Any(member => Differs((now as JsonObject)?[member.Key], member.Value, ignoresCase)),
        JsonValue value when ignoresCase && value.GetValueKind() == JsonValueKind.String => !SameWord(now?.ToString(), value.ToString()),
        _ => !JsonNode.DeepEquals(now, asked),
    };

    private static bool IgnoresCase(string member) => member is "vmSize" or "subnet" or "personalComputeInstanceSettings";

    private static bool SameWord(string? one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static bool SameLocation(string one, string? other) =>
        SameWord(other?.Replace(" ", string.Empty, StringComparison.Ordinal), one.Replace(" ", string.Empty, StringComparison.Ordinal));

    private static JsonArray Rows(JsonNode? node) => node as JsonArray ?? [];

    private static JsonObject Inner(JsonObject body) => body["properties"]?["properties"] as JsonObject ?? [];
}
