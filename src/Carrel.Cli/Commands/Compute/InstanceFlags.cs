using System.CommandLine;
using Carrel.Cli.Computes;
using Carrel.Cli.Yaml;

namespace Carrel.Cli.Commands.Compute;

/// <summary>Flags of <c>az ml compute create</c> that stand for keys of the instance file; one that is given replaces the key.</summary>
internal sealed class InstanceFlags
{
    private static readonly string[] YesNo = ["true", "false"];

    private readonly Option<string?> _type = new("--type", "-t") { Description = "ComputeInstance.", HelpName = "type" };
    private readonly Option<string?> _size = new("--size", "-s") { Description = "VM size (see list-sizes); STANDARD_DS3_V2 when absent.", HelpName = "size" };
    private readonly Option<string?> _description = new("--description") { Description = "Description.", HelpName = "text" };
    private readonly Option<string?> _identityType = new("--identity-type", "-i") { Description = "Managed identity: SystemAssigned, UserAssigned or None.", HelpName = "type" };
    private readonly Option<string[]> _identities = new("--user-assigned-identities")
    {
        Description = "Ids of user-assigned identities, separated by commas or blanks.", HelpName = "ids", AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string?> _sshEnabled = new("--ssh-public-access-enabled") { Description = "SSH; fixed at creation.", HelpName = "true|false" };
    private readonly Option<string?> _sshKey = new("--ssh-key-value") { Description = "Public SSH key, or @FILE to read it from a file.", HelpName = "key|@file" };
    private readonly Option<string?> _network = new("--vnet-name") { Description = "Virtual network.", HelpName = "name" };
    private readonly Option<string?> _subnet = new("--subnet") { Description = "Subnet of it, or alone the full id of a subnet.", HelpName = "name|id" };
    private readonly Option<string?> _publicIp = new("--enable-node-public-ip") { Description = "Public address; true when absent.", HelpName = "true|false" };
    private readonly Option<string?> _objectId = new("--user-object-id") { Description = "Object id of the person it is made for, with --user-tenant-id.", HelpName = "id" };
    private readonly Option<string?> _tenantId = new("--user-tenant-id") { Description = "Tenant id of that person.", HelpName = "id" };
    private readonly TagsOption _tags = new();

    /// <summary>Adds all of them.</summary>
    public void AddTo(Command command)
    {
        command.Add(_type);
        command.Add(_size);
        AddChangeableTo(command);
        foreach (var option in new[] { _sshEnabled, _sshKey, _network, _subnet, _publicIp, _objectId, _tenantId })
            command.Add(option);
        _type.CompletionSources.Add("ComputeInstance");
        _sshEnabled.CompletionSources.Add(YesNo);
        _publicIp.CompletionSources.Add(YesNo);
    }

    /// <summary>Adds those of an existing instance that may change.</summary>
    public void AddChangeableTo(Command command)
    {
        command.Add(_description);
        _tags.AddTo(command);
        command.Add(_identityType);
        command.Add(_identities);
        _identityType.CompletionSources.Add("SystemAssigned", "UserAssigned", "None");
    }

    /// <summary>What the given ones ask for.</summary>
    public List<ItemChange> Read(ParseResult parsed)
    {
        var changes = new List<ItemChange>();
        Add("type", _type);
        Add("size", _size);
        Add("description", _description);
        Add("ssh_public_access_enabled", _sshEnabled);
        Add("network_settings.vnet_name", _network);
        Add("network_settings.subnet", _subnet);
        Add("enable_node_public_ip", _publicIp);
        Add("create_on_behalf_of.user_object_id", _objectId);
        Add("create_on_behalf_of.user_tenant_id", _tenantId);
        if (Value(_sshKey) is { } key)
            changes.Add(ItemChange.Set("ssh_settings.ssh_key_value", key.StartsWith('@') ? InputFile.Read(key[1..]).Trim() : key));
        if (_tags.Read(parsed) is { } tags)
            changes.Add(ItemChange.Set(ItemPath.Parse("tags"), Map(tags)));
        AddIdentity();
        return changes;

        string? Value(Option<string?> option) => parsed.GetResult(option) is null ? null : parsed.GetValue(option);

        void Add(string path, Option<string?> option)
        {
            if (Value(option) is { } text)
                changes.Add(ItemChange.Set(path, text));
        }

        void AddIdentity()
        {
            var ids = parsed.GetResult(_identities) is null ? [] : (parsed.GetValue(_identities) ?? [])
                .SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
            if ((Value(_identityType) ?? (ids.Count > 0 ? "user_assigned" : null)) is { } type)
                changes.Add(ItemChange.Set("identity.type", type));
            if (ids.Count > 0)
                changes.Add(ItemChange.Set(ItemPath.Parse("identity.user_assigned_identities"), new YamlList([.. ids.Select(id => new YamlScalar(id, false, 0))], 0)));
        }
    }

    private static YamlMap Map(IEnumerable<KeyValuePair<string, string>> pairs) =>
        new([.. pairs.Select(pair => KeyValuePair.Create(new YamlScalar(pair.Key, true, 0), (YamlItem)new YamlScalar(pair.Value, false, 0)))], 0);
}
