using System.Text.Json.Nodes;
using Carrel.Cli.Errors;
using Shouldly;
using Xunit;

namespace Carrel.Cli.Tests.Commands;

public sealed class ComputeFlagTests : IDisposable
{
    private readonly Cli _cli = new();

    public ComputeFlagTests()
    {
        foreach (var name in new[] { "ci1", "ci2" })
            _cli.Server.On($"PUT {Cli.Workspace}/computes/{name}", 201, Cli.Compute(name));
    }

    private async Task<JsonObject> SentAsync(params string[] args)
    {
        (await _cli.RunAsync(["compute", "create", .. args, "--no-wait"])).ShouldBe(ExitCode.Ok, _cli.Error);
        return _cli.Server.To("PUT").ShouldHaveSingleItem().Json;
    }

    private static string Inner(JsonObject body, string member) => body["properties"]!["properties"]![member]!.ToJsonString();

    [Fact]
    public async Task Flags_win_over_the_file_and_set_over_both()
    {
        var file = _cli.Write("ci.yml", "name: ci1\ntype: computeinstance\nsize: A\nlocation: x\ntags: {a: b}\ndescription: d\nidentity: {type: system_assigned}\nenable_sso: true\n");
        var body = await SentAsync("ci2", "-f", file, "--size", "B", "--location", "y", "--description", "e", "--identity-type", "UserAssigned",
            "--user-assigned-identities", "i1,i2", "--tags", "c=d", "--set", "size=C", "enable_sso=false", "tags.e=f");
        body["location"]!.ToString().ShouldBe("y");
        body["properties"]!["description"]!.ToString().ShouldBe("e");
        body["tags"]!.ToJsonString().ShouldBe("""{"c":"d","e":"f"}""");
        body["identity"]!.ToJsonString().ShouldBe("""{"type":"UserAssigned","userAssignedIdentities":{"i1":{},"i2":{}}}""");
        Inner(body, "vmSize").ShouldBe("\"C\"");
        Inner(body, "enableSSO").ShouldBe("false");
    }

    [Fact]
    public async Task Every_flag_of_an_instance_stands_for_its_key()
    {
        var key = _cli.Write("id.pub", "ssh-ed25519 AAAA ada@example.org\n");
        var body = await SentAsync("-n", "ci1", "--type", "compute_instance", "--ssh-public-access-enabled", "true", "--ssh-key-value", "@" + key, "--vnet-name", "v", "--subnet", "s",
            "--enable-node-public-ip", "false", "--user-object-id", "00000000-0000-0000-0000-000000000001", "--user-tenant-id", "00000000-0000-0000-0000-000000000002");
        Inner(body, "sshSettings").ShouldBe("""{"sshPublicAccess":"Enabled","adminPublicKey":"ssh-ed25519 AAAA ada@example.org"}""");
        body["properties"]!["disableLocalAuth"]!.GetValue<bool>().ShouldBeFalse();
        Inner(body, "subnet").ShouldBe("""{"id":"/subscriptions/sub1/resourceGroups/rg1/providers/Microsoft.Network/virtualNetworks/v/subnets/s"}""");
        Inner(body, "enableNodePublicIp").ShouldBe("false");
        Inner(body, "personalComputeInstanceSettings").ShouldBe("""{"assignedUser":{"objectId":"00000000-0000-0000-0000-000000000001","tenantId":"00000000-0000-0000-0000-000000000002"}}""");
        body["location"]!.ToString().ShouldBe("eastus");
    }

    [Fact]
    public async Task Text_stays_text_whatever_it_looks_like()
    {
        var body = await SentAsync("ci1", "--type", "computeinstance", "--description", "null", "--set", "tags={\"n\": 1, \"yes\": \"no\"}");
        body["properties"]!["description"]!.ToString().ShouldBe("null");
        body["tags"]!.ToJsonString().ShouldBe("""{"n":"1","yes":"no"}""");
    }

    [Theory]
    [InlineData("--ssh-public-access-enabled perhaps", "'ssh_public_access_enabled' is 'perhaps'; it must be true or false")]
    [InlineData("--vnet-name v", "needs 'network_settings.subnet' beside it")]
    [InlineData("--vnet-name v --subnet /subscriptions/x", "must be left out")]
    [InlineData("--user-object-id 00000000-0000-0000-0000-000000000001", "'create_on_behalf_of.user_tenant_id' is missing")]
    [InlineData("--identity-type some", "The identity type 'some' is unknown")]
    [InlineData("--identity-type UserAssigned", "none is named")]
    [InlineData("--ssh-key-value @/nowhere.pub", "/nowhere.pub")]
    [InlineData("--tags x", "must look like key=value")]
    [InlineData("--set siez=1", "unknown key 'siez'")]
    [InlineData("--set state=Running", "'state' is set by the server alone")]
    [InlineData("--set tags=x", "'tags' must hold 'key: value' lines")]
    public async Task A_bad_flag_is_refused_in_the_words_of_the_file(string flags, string part)
    {
        (await _cli.RunAsync(["compute", "create", "ci1", "--type", "computeinstance", .. flags.Split(' ')])).ShouldBe(ExitCode.Usage);
        _cli.Error.ShouldContain(part);
        _cli.Error.ShouldNotContain(":0:");
        _cli.Server.To("PUT").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_private_key_is_never_sent()
    {
        var key = _cli.Write("id", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1r\n-----END OPENSSH PRIVATE KEY-----\n");
        (await _cli.RunAsync("compute", "create", "ci1", "--type", "computeinstance", "--ssh-key-value", "@" + key)).ShouldBe(ExitCode.Usage);
        _cli.Error.ShouldContain("is a private key and was not sent");
        _cli.Error.ShouldNotContain("b3BlbnNzaC1r");
        _cli.Server.To("PUT").ShouldBeEmpty();
    }

    [Fact]
    public async Task An_identity_without_its_type_is_refused_not_forgotten()
    {
        (await _cli.RunAsync("compute", "create", "-f", _cli.Write("ci.yml", "name: ci1\ntype: computeinstance\nidentity:\n  user_assigned_identities: [i1]\n"))).ShouldBe(ExitCode.Usage);
        _cli.Error.ShouldContain("ci.yml:4: 'identity.type' is missing");
    }

    public void Dispose() => _cli.Dispose();
}
