using System.Text.Json.Nodes;
using Carrel.Cli.Errors;
using Carrel.Cli.Yaml;

namespace Carrel.Cli.Computes;

/// <summary>SSH, network, identity and assigned user: YAML to REST (contract 2).</summary>
internal static class AccessMapping
{
    /// <summary>sshSettings when anything about SSH is said; null otherwise.</summary>
    public static JsonObject? Ssh(YamlSection file)
    {
        var enabled = file.Flag("ssh_public_access_enabled");
        var settings = file.Section("ssh_settings", ["ssh_key_value"], "admin_username", "ssh_port");
        var key = settings?.Text("ssh_key_value");
        if (enabled is null && settings is null)
            return null;
        var ssh = new JsonObject { ["sshPublicAccess"] = enabled == true ? "Enabled" : "Disabled" };
        // Refused here already, so that a private key that was taken for its public half never leaves this machine.
        if (key?.Contains("PRIVATE KEY", StringComparison.Ordinal) == true)
            throw settings!.ProblemAt("ssh_key_value", "'ssh_settings.ssh_key_value' is a private key and was not sent: give the public half, the file that ends in .pub");
        if (key is not null)
            ssh["adminPublicKey"] = key;
        return ssh;
    }

    /// <summary>The subnet by its id, or by network and name in the workspace's own group.</summary>
    public static JsonObject? Subnet(YamlSection file, string subscription, string group)
    {
        var settings = file.Section("network_settings", ["vnet_name", "subnet"], "public_ip_address", "private_ip_address");
        var network = settings?.Text("vnet_name");
        var subnet = settings?.Text("subnet");
        if (settings is null || (network is null && subnet is null))
            return null;
        if (subnet is null)
            throw settings.ProblemAt("vnet_name", "'network_settings.vnet_name' needs 'network_settings.subnet' beside it");
        if (subnet.StartsWith('/'))
        {
            return network is null ? new JsonObject { ["id"] = subnet }
                : throw settings.ProblemAt("vnet_name", "'network_settings.vnet_name' must be left out when 'network_settings.subnet' is a full resource id");
        }
        if (network is null)
            throw settings.ProblemAt("subnet", "'network_settings.subnet' needs 'network_settings.vnet_name' beside it, or must be a full resource id");
        return new JsonObject
        {
            ["id"] = $"/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Network/virtualNetworks/{network}/subnets/{subnet}",
        };
    }

    /// <summary>The person an instance is made for.</summary>
    public static JsonObject? Assignee(YamlSection file)
    {
        if (file.Section("create_on_behalf_of", ["user_tenant_id", "user_object_id"]) is not { } section)
            return null;
        return new JsonObject
        {
            ["assignedUser"] = new JsonObject { ["objectId"] = Identifier(section, "user_object_id"), ["tenantId"] = Identifier(section, "user_tenant_id") },
        };
    }

    /// <summary>The managed identity; null when there is none.</summary>
    public static JsonObject? Identity(YamlSection file)
    {
        if (file.Section("identity", ["type", "user_assigned_identities"], "principal_id", "tenant_id") is not { } section)
            return null;
        var ids = IdentityIds(section);
        if (section.Text("type") is null && ids.Count > 0)
            throw section.ProblemAt("user_assigned_identities", "'identity.type' is missing: it must be user_assigned, or 'system_assigned,user_assigned' for both");
        var canonical = IdentityType(section.Text("type"));
        if (canonical is null)
            return null;
        var identity = new JsonObject { ["type"] = canonical };
        if (!canonical.Contains("UserAssigned", StringComparison.Ordinal))
            return identity;
        if (ids.Count == 0)
            throw CliException.Usage("A user-assigned identity is asked for, but none is named: give --user-assigned-identities, or identity.user_assigned_identities.");
        var map = new JsonObject();
        foreach (var id in ids)
            map[id] = new JsonObject();
        identity["userAssignedIdentities"] = map;
        return identity;
    }

    private static string? IdentityType(string? type) => type is null ? null
        : ComputeFile.TypeWord(type).Replace(" ", string.Empty, StringComparison.Ordinal) switch
        {
            "none" => null,
            "systemassigned" => "SystemAssigned",
            "userassigned" => "UserAssigned",
            "systemassigned,userassigned" => "SystemAssigned,UserAssigned",
            _ => throw CliException.Usage($"The identity type '{type}' is unknown: it must be system_assigned, user_assigned or none."),
        };

    private static List<string> IdentityIds(YamlSection identity) =>
        identity.Items("user_assigned_identities", scalarIsList: false).Select((item, index) => item is YamlScalar scalar ? scalar.Value
            : identity.Open($"user_assigned_identities[{index}]", item, ["resource_id"], "principal_id", "client_id").RequiredText("resource_id")).ToList();

    private static string Identifier(YamlSection section, string key)
    {
        var text = section.RequiredText(key);
        return Guid.TryParse(text, out _) ? text : throw section.ProblemAt(key, $"'{section.Name(key)}' is '{text}'; it must be a GUID");
    }
}
