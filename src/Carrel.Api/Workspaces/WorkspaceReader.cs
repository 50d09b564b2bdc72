using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Carrel.Arm.Errors;
using Carrel.Instances.Resources;

namespace Carrel.Api.Workspaces;

/// <summary>Reads workspace bodies (contract 1.8): unknown members and booleans written as text are accepted, nothing is required.</summary>
internal static partial class WorkspaceReader
{
    private static readonly string[] ReadOnlyProperties =
        ["workspaceId", "tenantId", "provisioningState", "discoveryUrl", "mlFlowTrackingUri", "serviceProvisionedResourceGroup", "privateLinkCount"];

    private static readonly string[] IdentityTypes = ["None", "SystemAssigned", "UserAssigned", "SystemAssigned,UserAssigned"];

    /// <summary>The location of the body, lower case without blanks; null when absent.</summary>
    /// <exception cref="ArmException">400 <c>InvalidLocation</c>.</exception>
    internal static string? Location(JsonElement body)
    {
        if (Text(body, "location") is not { } sent)
            return null;
        string location = sent.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
        return LocationPattern().IsMatch(location)
            ? location
            : throw new ArmException(400, "InvalidLocation", $"The location '{sent}' is not a label of 2 to 40 letters and digits.", "location");
    }

    /// <summary>Checks a workspace's name: 3 to 33 letters, digits, hyphens and underscores, beginning with a letter or digit.</summary>
    /// <exception cref="ArmException">400 <c>InvalidWorkspaceName</c>.</exception>
    internal static void RequireName(string name)
    {
        if (!NamePattern().IsMatch(name))
            throw new ArmException(400, "InvalidWorkspaceName", $"The workspace name '{name}' must have 3 to 33 letters, digits, hyphens or underscores and begin with a letter or digit.", "name");
    }

    internal static WorkspaceModel Model(JsonElement body) => new(
        Tags(body) ?? new Dictionary<string, string>(),
        Text(body, "kind"),
        Sku(body, "name"),
        Sku(body, "tier"),
        IdentityType(body) ?? "SystemAssigned",
        (Properties(body) ?? []).ToJsonString());

    /// <summary>What a PATCH changes: tags, identity type and properties; what it does not name stays.</summary>
    internal static WorkspaceModel Patch(WorkspaceModel model, JsonElement body)
    {
        JsonObject properties = JsonNode.Parse(model.Properties)!.AsObject();
        foreach ((string name, JsonNode? value) in Properties(body) ?? [])
            properties[name] = value?.DeepClone();
        return model with
        {
            Tags = Tags(body) ?? model.Tags,
            IdentityType = IdentityType(body) ?? model.IdentityType,
            Properties = properties.ToJsonString(),
        };
    }

    private static JsonObject? Properties(JsonElement body)
    {
        if (Member(body, "properties") is not { } sent)
            return null;
        RequireKind(sent, JsonValueKind.Object, "properties");
        var properties = new JsonObject();
        foreach (JsonProperty member in sent.EnumerateObject())
        {
            if (!ReadOnlyProperties.Contains(member.Name, StringComparer.OrdinalIgnoreCase))
                properties[member.Name] = member.Value.ValueKind == JsonValueKind.Null ? null : JsonNode.Parse(member.Value.GetRawText());
        }

        IdleSignalsReader.Check(sent);
        return properties;
    }

    /// <summary>The tags of a body; null when absent.</summary>
    /// <exception cref="ArmException">400 <c>InvalidRequestBody</c>.</exception>
    internal static Dictionary<string, string>? Tags(JsonElement body)
    {
        if (Member(body, "tags") is not { } sent)
            return null;
        RequireKind(sent, JsonValueKind.Object, "tags");
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonProperty tag in sent.EnumerateObject())
        {
            if (tag.Value.ValueKind != JsonValueKind.Null)
                tags[tag.Name] = RequireText(tag.Value, "tags." + tag.Name);
        }

        return TagRules.Check(tags) is { } wrong ? throw new ArmException(400, wrong.Code, wrong.Message, wrong.Target) : tags;
    }

    private static string? IdentityType(JsonElement body)
    {
        if (Member(body, "identity") is not { } identity)
            return null;
        RequireKind(identity, JsonValueKind.Object, "identity");
        if (Text(identity, "type", "identity.type") is not { } sent)
            return null;
        string bare = sent.Replace(" ", "", StringComparison.Ordinal);
        return IdentityTypes.FirstOrDefault(type => type.Equals(bare, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArmException(400, "InvalidRequestBody", $"The identity type '{sent}' is none of {string.Join("; ", IdentityTypes)}.", "identity.type");
    }

    private static string? Sku(JsonElement body, string member)
    {
        if (Member(body, "sku") is not { } sku)
            return null;
        RequireKind(sku, JsonValueKind.Object, "sku");
        return Text(sku, member, "sku." + member);
    }

    private static string? Text(JsonElement parent, string name, string? target = null) =>
        Member(parent, name) is { } value ? RequireText(value, target ?? name) : null;

    private static string RequireText(JsonElement value, string target) => value.ValueKind == JsonValueKind.String
        ? value.GetString()!
        : throw new ArmException(400, "InvalidRequestBody", $"'{target}' must be a text.", target);

    private static void RequireKind(JsonElement value, JsonValueKind kind, string target)
    {
        if (value.ValueKind != kind)
            throw new ArmException(400, "InvalidRequestBody", $"'{target}' must be a JSON {kind.ToString().ToLowerInvariant()}.", target);
    }

    // Names compare ignoring case on the way in; null is absent (contract, conventions).
    private static JsonElement? Member(JsonElement parent, string name)
    {
        foreach (JsonProperty member in parent.EnumerateObject())
        {
            if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return member.Value.ValueKind == JsonValueKind.Null ? null : member.Value;
        }

        return null;
    }

    [GeneratedRegex(@"\A[a-z0-9]{2,40}\z")]
    private static partial Regex LocationPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_-]{2,32}\z")]
    private static partial Regex NamePattern();
}
