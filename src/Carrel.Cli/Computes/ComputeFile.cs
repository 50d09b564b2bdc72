using System.Text.Json.Nodes;
using Carrel.Cli.Errors;
using Carrel.Cli.Yaml;

namespace Carrel.Cli.Computes;

/// <summary>The compute instance YAML of <c>az ml compute create</c> turned into the body of the REST call (contract 2).</summary>
internal sealed class ComputeFile
{
    private const string DefaultSize = "STANDARD_DS3_V2";

    private static readonly string[] Keys =
    [
        "$schema", "name", "type", "description", "location", "tags", "size", "create_on_behalf_of", "ssh_public_access_enabled", "ssh_settings",
        "network_settings", "identity", "idle_time_before_shutdown_minutes", "idle_time_before_shutdown", "schedules", "setup_scripts",
        "custom_applications", "enable_node_public_ip", "enable_sso", "enable_root_access", "release_quota_on_stop", "enable_os_patching",
    ];

    /// <summary>What 'show' prints and nobody can ask for, so that its output can be given to 'create -f' again.</summary>
    private static readonly string[] OutputOnly =
    [
        "id", "provisioning_state", "provisioning_errors", "created_on", "resource_id", "state", "last_operation", "services", "os_image_metadata",
    ];

    private readonly List<string> _warnings = [];
    private readonly List<string> _dropped = [];
    private readonly YamlSection _file;

    private ComputeFile(string name, YamlMap map) => _file = YamlSection.Open(name, map, Keys, OutputOnly, _dropped);

    /// <summary>Reads an instance and checks what can be checked without a server.</summary>
    /// <param name="fileName">Name of its file for messages.</param>
    /// <param name="map">Its content, flags included.</param>
    /// <param name="subscription">Subscription of the workspace, for a subnet named without its id.</param>
    /// <param name="group">Resource group of the workspace, likewise.</param>
    /// <exception cref="CliException">With the key, and its line when it is from the file.</exception>
    public static ComputeRequest Read(string fileName, YamlMap map, string subscription, string group) =>
        new ComputeFile(fileName, map).Build(subscription, group);

    /// <summary>Refuses a path that only the server sets.</summary>
    public static void RequireSettable(ItemPath path)
    {
        if (OutputOnly.Contains(path.Root))
            throw CliException.Usage($"'{path.Root}' is set by the server alone.");
    }

    private ComputeRequest Build(string subscription, string group)
    {
        var name = _file.Text("name") ?? throw CliException.Usage("The instance needs a name: give it as the first word or as --name, or as the key 'name' in the file.");
        CheckType(_file.Text("type"));
        var inner = new JsonObject
        {
            ["vmSize"] = _file.Text("size") ?? DefaultSize,
            ["applicationSharingPolicy"] = "Shared",
            ["computeInstanceAuthorizationType"] = "personal",
            ["enableOSPatching"] = _file.Flag("enable_os_patching") ?? false,
            ["enableRootAccess"] = _file.Flag("enable_root_access") ?? true,
            ["enableSSO"] = _file.Flag("enable_sso") ?? true,
            ["releaseQuotaOnStop"] = _file.Flag("release_quota_on_stop") ?? false,
            ["enableNodePublicIp"] = _file.Flag("enable_node_public_ip") ?? true,
        };
        var ssh = AccessMapping.Ssh(_file);
        Set(inner, "sshSettings", ssh);
        Set(inner, "subnet", AccessMapping.Subnet(_file, subscription, group));
        Set(inner, "personalComputeInstanceSettings", AccessMapping.Assignee(_file));
        Set(inner, "idleTimeBeforeShutdown", Idle());
        Set(inner, "schedules", ScheduleMapping.Read(_file, _warnings));
        Set(inner, "setupScripts", ScriptMapping.Read(_file));
        Set(inner, "customServices", ApplicationMapping.Read(_file));

        var outer = new JsonObject { ["computeType"] = "ComputeInstance", ["disableLocalAuth"] = ssh?["sshPublicAccess"]?.ToString() != "Enabled" };
        Set(outer, "description", _file.Text("description"));
        outer["properties"] = inner;
        var body = new JsonObject { ["properties"] = outer };
        Set(body, "tags", Tags());
        Set(body, "identity", AccessMapping.Identity(_file));
        if (_dropped.Count > 0)
            _warnings.Add($"left out, because only the server sets it: {string.Join(", ", _dropped)}");
        return new ComputeRequest(name, _file.Text("location"), body, _warnings);
    }

    private static void CheckType(string? type)
    {
        if (type is null)
            throw CliException.Usage("The type is missing: give --type ComputeInstance, or the key 'type: computeinstance' in the file.");
        if (!TypeWord(type).Equals("computeinstance", StringComparison.Ordinal))
            throw CliException.Usage($"The type '{type}' is not available here: it must be computeinstance.");
    }

    /// <summary>A compute type for comparison: any case, underscores and hyphens removed.</summary>
    public static string TypeWord(string type) =>
        type.Replace("_", string.Empty, StringComparison.Ordinal).Replace("-", string.Empty, StringComparison.Ordinal).ToLowerInvariant();

    private string? Idle()
    {
        var old = _file.Text("idle_time_before_shutdown");
        if (_file.Number("idle_time_before_shutdown_minutes") is { } minutes)
            return $"PT{minutes}M";
        if (old is not null)
            _warnings.Add("the key idle_time_before_shutdown is deprecated: use idle_time_before_shutdown_minutes");
        return old;
    }

    private JsonObject? Tags()
    {
        if (_file.Pairs("tags") is not { Count: > 0 } pairs)
            return null;
        var tags = new JsonObject();
        foreach (var (key, value) in pairs)
            tags[key] = value;
        return tags;
    }

    private static void Set(JsonObject target, string key, JsonNode? value)
    {
        if (value is not null)
            target[key] = value;
    }
}
