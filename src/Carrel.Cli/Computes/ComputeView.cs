using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Carrel.Cli.Output;

namespace Carrel.Cli.Computes;

/// <summary>
/// A compute as the server answers it turned into what <c>az ml compute show</c> prints: snake_case, every key always there and in this order.
/// </summary>
internal static partial class ComputeView
{
    /// <summary>The columns of <c>-o table</c>.</summary>
    public static readonly IReadOnlyList<Column> Columns =
    [
        new("NAME", "name"), new("STATE", "state"), new("SIZE", "size"), new("LOCATION", "location"),
        new("PROVISIONING", "provisioning_state"), new("CREATED", "created_on"),
    ];

    /// <summary>The view of one resource.</summary>
    public static JsonObject From(JsonObject resource)
    {
        var outer = resource["properties"] as JsonObject ?? [];
        var inner = outer["properties"] as JsonObject ?? [];
        var idle = inner["idleTimeBeforeShutdown"]?.ToString();
        return new JsonObject
        {
            ["name"] = Copy(resource["name"]),
            ["type"] = outer["computeType"]?.ToString().ToLowerInvariant(),
            ["id"] = Copy(resource["id"]),
            ["description"] = Copy(outer["description"]),
            ["location"] = Copy(resource["location"]),
            ["tags"] = Copy(resource["tags"]) ?? new JsonObject(),
            ["size"] = Copy(inner["vmSize"]),
            ["state"] = Copy(inner["state"]),
            ["provisioning_state"] = Copy(outer["provisioningState"]),
            ["provisioning_errors"] = Copy((outer["provisioningErrors"] as JsonArray)?.FirstOrDefault()?["error"]?["code"]),
            ["created_on"] = Copy(outer["createdOn"]),
            ["resource_id"] = Copy(outer["resourceId"]),
            ["last_operation"] = Snake(inner["lastOperation"], "operationName", "operationTime", "operationStatus", "operationTrigger"),
            ["services"] = Rows(inner["applications"], row => Snake(row, "displayName", "endpointUri")),
            ["create_on_behalf_of"] = inner["personalComputeInstanceSettings"]?["assignedUser"] is JsonObject user
                ? new JsonObject { ["user_tenant_id"] = Copy(user["tenantId"]), ["user_object_id"] = Copy(user["objectId"]) } : null,
            ["ssh_public_access_enabled"] = inner["sshSettings"]?["sshPublicAccess"]?.ToString() switch { "Enabled" => true, "Disabled" => false, _ => null },
            ["ssh_settings"] = inner["sshSettings"] is JsonObject ssh ? new JsonObject
            {
                ["ssh_key_value"] = Copy(ssh["adminPublicKey"]), ["admin_username"] = Copy(ssh["adminUserName"]), ["ssh_port"] = Copy(ssh["sshPort"]),
            } : null,
            ["network_settings"] = Network(inner),
            ["identity"] = Identity(resource["identity"] as JsonObject),
            ["idle_time_before_shutdown"] = idle,
            ["idle_time_before_shutdown_minutes"] = Minutes(idle),
            ["schedules"] = ScheduleView.From(inner["schedules"]?["computeStartStop"] as JsonArray),
            ["setup_scripts"] = Scripts(inner["setupScripts"]?["scripts"] as JsonObject),
            ["custom_applications"] = Rows(inner["customServices"], Application),
            ["enable_node_public_ip"] = Copy(inner["enableNodePublicIp"]),
            ["enable_sso"] = Copy(inner["enableSSO"]),
            ["enable_root_access"] = Copy(inner["enableRootAccess"]),
            ["release_quota_on_stop"] = Copy(inner["releaseQuotaOnStop"]),
            ["enable_os_patching"] = Copy(inner["enableOSPatching"]),
            ["os_image_metadata"] = inner["osImageMetadata"] is JsonObject image ? new JsonObject
            {
                ["is_latest_os_image_version"] = Copy(image["isLatestOsImageVersion"]),
                ["current_image_version"] = Copy(image["currentImageVersion"]),
                ["latest_image_version"] = Copy(image["latestImageVersion"]),
            } : null,
        };
    }

    /// <summary>Members renamed to snake_case; null when there is no object.</summary>
    public static JsonObject? Snake(JsonNode? source, params string[] members)
    {
        if (source is not JsonObject map)
            return null;
        var view = new JsonObject();
        foreach (var member in members)
            view[SnakeName(member)] = Copy(map[member]);
        return view;
    }

    /// <summary>A copy that can stand in another tree.</summary>
    public static JsonNode? Copy(JsonNode? node) => node?.DeepClone();

    private static JsonNode? Minutes(string? idle) => idle is not null && WholeMinutes().Match(idle) is { Success: true } match
        && int.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var minutes) ? minutes : null;

    private static JsonObject? Network(JsonObject inner)
    {
        var addresses = inner["connectivityEndpoints"] as JsonObject;
        var subnet = Copy(inner["subnet"]?["id"]);
        return addresses is null && subnet is null ? null : new JsonObject
        {
            ["subnet"] = subnet, ["public_ip_address"] = Copy(addresses?["publicIpAddress"]), ["private_ip_address"] = Copy(addresses?["privateIpAddress"]),
        };
    }

    private static JsonObject? Identity(JsonObject? identity)
    {
        if (identity is null)
            return null;
        var assigned = new JsonArray();
        foreach (var (id, members) in identity["userAssignedIdentities"] as JsonObject ?? [])
        {
            assigned.Add((JsonNode)new JsonObject
            {
                ["resource_id"] = id, ["principal_id"] = Copy(members?["principalId"]), ["client_id"] = Copy(members?["clientId"]),
            });
        }
        return new JsonObject
        {
            ["type"] = identity["type"] is { } type ? string.Join(',', type.ToString().Split(',').Select(word => SnakeName(word.Trim()))) : null,
            ["principal_id"] = Copy(identity["principalId"]),
            ["tenant_id"] = Copy(identity["tenantId"]),
            ["user_assigned_identities"] = assigned.Count == 0 ? null : assigned,
        };
    }

    private static JsonObject? Scripts(JsonObject? scripts) => scripts is null ? null : new JsonObject
    {
        ["creation_script"] = Script(scripts["creationScript"]), ["startup_script"] = Script(scripts["startupScript"]),
    };

    private static JsonObject? Script(JsonNode? script) => script is not JsonObject ? null : new JsonObject
    {
        ["path"] = Copy(script["scriptData"]),
        ["command"] = Copy(script["scriptArguments"]),
        ["timeout_minutes"] = script["timeout"]?.ToString() is { } limit && limit.EndsWith('m')
            && int.TryParse(limit[..^1], CultureInfo.InvariantCulture, out var minutes) ? minutes : null,
    };

    private static JsonObject Application(JsonNode? service)
    {
        var variables = new JsonObject();
        foreach (var (key, value) in service?["environmentVariables"] as JsonObject ?? [])
            variables[key] = Copy(value?["value"]);
        return new JsonObject
        {
            ["name"] = Copy(service?["name"]),
            ["type"] = "docker",
            ["image"] = new JsonObject { ["reference"] = Copy(service?["image"]?["reference"]) },
            ["endpoints"] = Rows(service?["endpoints"], row => Snake(row, "target", "published")),
            ["environment_variables"] = variables,
            ["bind_mounts"] = Rows(service?["volumes"], row => Snake(row, "source", "target")),
        };
    }

    private static JsonArray? Rows(JsonNode? source, Func<JsonNode?, JsonNode?> view) =>
        source is JsonArray rows ? new JsonArray([.. rows.Select(view)]) : null;

    private static string SnakeName(string name) => WordStart().Replace(name, "_$1").ToLowerInvariant();

    [GeneratedRegex(@"^PT(\d+)M", RegexOptions.CultureInvariant)]
    private static partial Regex WholeMinutes();

    [GeneratedRegex("(?<=[a-z0-9])([A-Z])", RegexOptions.CultureInvariant)]
    private static partial Regex WordStart();
}
