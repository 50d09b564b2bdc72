using System.Text.Json.Nodes;
using Carrel.Cli.Yaml;

namespace Carrel.Cli.Computes;

/// <summary>Custom applications: YAML to REST, filled in as the SDK does (contract 13.3).</summary>
internal static class ApplicationMapping
{
    /// <summary>The customServices array; null when the file has none.</summary>
    public static JsonArray? Read(YamlSection file)
    {
        var services = new JsonArray();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var ports = new HashSet<int>();
        foreach (var entry in file.Sections("custom_applications", ["name", "type", "image", "endpoints", "environment_variables", "bind_mounts"]))
        {
            var name = entry.RequiredText("name");
            if (!names.Add(name))
                throw entry.ProblemAt("name", $"application_name '{name}' is not unique among the custom applications");
            services.Add((JsonNode)Service(entry, name, ports));
        }
        return services.Count == 0 ? null : services;
    }

    private static JsonObject Service(YamlSection entry, string name, HashSet<int> ports)
    {
        var image = entry.Section("image", ["reference", "type"]) ?? throw entry.ProblemAt("name", $"'{entry.Name("image")}' is missing");
        entry.Word("type", "docker");
        image.Word("type", "docker");
        var service = new JsonObject
        {
            ["type"] = "docker",
            ["name"] = name,
            ["image"] = new JsonObject { ["type"] = "docker", ["reference"] = image.RequiredText("reference") },
            ["environmentVariables"] = Variables(entry),
            ["docker"] = new JsonObject { ["privileged"] = true },
        };
        var endpoints = new JsonArray();
        foreach (var endpoint in entry.Sections("endpoints", ["target", "published"]))
        {
            var published = Port(endpoint, "published");
            if (!ports.Add(published))
                throw endpoint.ProblemAt("published", $"published_port {published} is not unique among the custom applications");
            endpoints.Add((JsonNode)new JsonObject
            {
                ["protocol"] = "http", ["name"] = "connect", ["target"] = Port(endpoint, "target"), ["published"] = published,
            });
        }
        service["endpoints"] = endpoints;
        var volumes = new JsonArray();
        foreach (var mount in entry.Sections("bind_mounts", ["source", "target"]))
        {
            volumes.Add((JsonNode)new JsonObject
            {
                ["type"] = "bind", ["readOnly"] = false, ["source"] = mount.RequiredText("source"), ["target"] = mount.RequiredText("target"),
            });
        }
        service["volumes"] = volumes;
        return service;
    }

    private static JsonObject Variables(YamlSection entry)
    {
        var variables = new JsonObject();
        foreach (var (key, value) in entry.Pairs("environment_variables") ?? [])
            variables[key] = new JsonObject { ["type"] = "local", ["value"] = value };
        return variables;
    }

    private static int Port(YamlSection endpoint, string key) =>
        endpoint.Number(key) ?? throw endpoint.ProblemAt(key, $"'{endpoint.Name(key)}' is missing");
}
