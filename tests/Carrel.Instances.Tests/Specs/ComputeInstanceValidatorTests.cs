using Carrel.Instances.Specs;
using Carrel.Instances.Tests.Examples;
using Shouldly;
using Xunit;

namespace Carrel.Instances.Tests.Specs;

public sealed class ComputeInstanceValidatorTests
{
    private const string Inner = "properties.properties.";
    private const string Subnet = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/default";

    [Fact]
    public void The_defaults_of_the_contract_are_filled()
    {
        var model = Samples.Model();
        model.ShouldSatisfyAllConditions(
            () => model.VmSize.ShouldBe("STANDARD_DS3_v2"),
            () => model.SshEnabled.ShouldBeFalse(),
            () => model.EnableNodePublicIp.ShouldBeTrue(),
            () => model.EnableSso.ShouldBeTrue(),
            () => model.EnableRootAccess.ShouldBeTrue(),
            () => model.EnableOsPatching.ShouldBeFalse(),
            () => model.ReleaseQuotaOnStop.ShouldBeFalse(),
            () => model.IdleMinutes.ShouldBeNull());
    }

    [Fact(DisplayName = "1.T3 A size at the outer level only is missing and named as misplaced")]
    public void Statement_1_T3_a_size_at_the_outer_level_only_is_missing_and_named_as_misplaced()
    {
        var body = Samples.Body(outer: """{"vmSize":"Standard_DS3_v2"}""");
        body["properties"]!["properties"]!.AsObject().Remove("vmSize");
        var decision = Samples.Decide(body);
        var finding = decision.Findings.ShouldHaveSingleItem();
        (finding.Code, finding.Target).ShouldBe((FindingCodes.InvalidRequestBody, Inner + "vmSize"));
        decision.NotApplied.ShouldContain("properties.vmSize");
    }

    [Fact(DisplayName = "1.T24 Another location is accepted and named")]
    public void Statement_1_T24_another_location_is_accepted_and_named() =>
        Samples.Decide(Samples.Body(top: """{"location":"westus"}""")).ShouldSatisfyAllConditions(
            d => d.Model.ShouldNotBeNull(), d => d.NotApplied.ShouldBe(["location"]));

    [Theory]
    [InlineData("""{"vmSize":"Standard_Nothing"}""", FindingCodes.InvalidVmSize, "vmSize")]
    [InlineData("""{"subnet":{"id":"test-subnet"}}""", FindingCodes.InvalidSubnet, "subnet.id")]
    [InlineData("""{"enableNodePublicIp":false}""", FindingCodes.NoPublicIpRequiresPrivateLink, "enableNodePublicIp")]
    [InlineData("""{"sshSettings":{"sshPublicAccess":"maybe"}}""", FindingCodes.InvalidSshSettings, "sshSettings.sshPublicAccess")]
    [InlineData("""{"sshSettings":{"adminPublicKey":"ssh-rsa AAAA"}}""", FindingCodes.InvalidSshSettings, "sshSettings.adminPublicKey")]
    [InlineData("""{"computeInstanceAuthorizationType":"group"}""", FindingCodes.InvalidRequestBody, "computeInstanceAuthorizationType")]
    [InlineData("""{"applicationSharingPolicy":"Everybody"}""", FindingCodes.InvalidRequestBody, "applicationSharingPolicy")]
    [InlineData("""{"idleTimeBeforeShutdown":"PT14M"}""", FindingCodes.InvalidIdleTime, "idleTimeBeforeShutdown")]
    [InlineData("""{"autologgerSettings":{"mlflowAutologger":"on"}}""", FindingCodes.InvalidRequestBody, "autologgerSettings.mlflowAutologger")]
    [InlineData("""{"provisionStopped":true}""", FindingCodes.InvalidSchedule, "provisionStopped")]
    public void A_bad_value_is_refused_with_its_code_and_place(string inner, string code, string target) =>
        Samples.Problems(inner).ShouldBe([(code, Inner + target)]);

    [Fact]
    public void All_findings_are_reported_at_once() =>
        Samples.Problems("""{"vmSize":"x","idleTimeBeforeShutdown":"30","subnet":{"id":"s"},"customServices":[{}]}""", outer: """{"computeType":"AKS"}""")
            .Select(p => p.Code).Distinct().Count().ShouldBe(5);

    [Fact]
    public void Statement_13_T15_disableLocalAuth_alone_is_no_choice_and_contradicts_only_ssh()
    {
        Samples.Model(outer: """{"disableLocalAuth":true}""").SshEnabled.ShouldBeFalse();
        Samples.Model(outer: """{"disableLocalAuth":false}""").SshEnabled.ShouldBeFalse();
        Samples.Problems("""{"sshSettings":{"sshPublicAccess":"Enabled"}}""", outer: """{"disableLocalAuth":true}""")
            .ShouldBe([(FindingCodes.InvalidSshSettings, "properties.disableLocalAuth")]);
    }

    [Fact]
    public void Ssh_is_enabled_with_or_without_a_key_in_any_case()
    {
        Samples.Model("""{"sshSettings":{"sshPublicAccess":"enabled"}}""").SshEnabled.ShouldBeTrue();
        Samples.Model("""{"sshSettings":{"sshPublicAccess":"NotSpecified"}}""").SshEnabled.ShouldBeFalse();
        var key = Example.Key("ed25519");
        Samples.Model($$$$"""{"sshSettings":{"sshPublicAccess":"Enabled","adminPublicKey":"{{{{key}}}}\n"}}""").AdminPublicKey.ShouldBe(key);
    }

    [Theory]
    [InlineData("""{"objectId":"x","tenantId":"11111111-1111-1111-1111-111111111111"}""")]
    [InlineData("""{"tenantId":"11111111-1111-1111-1111-111111111111"}""")]
    [InlineData("""{"objectId":"55555555-5555-5555-5555-555555555555"}""")]
    [InlineData("""{"objectId":"55555555-5555-5555-5555-555555555555","tenantId":"66666666-6666-6666-6666-666666666666"}""")]
    public void Statement_9_T3_an_assigned_user_needs_a_guid_and_the_tenant_of_the_workspace(string user) =>
        Samples.Problems("{\"personalComputeInstanceSettings\":{\"assignedUser\":" + user + "}}")
            .ShouldHaveSingleItem().Code.ShouldBe(FindingCodes.InvalidAssignedUser);

    [Theory]
    [InlineData("55555555-5555-5555-5555-555555555555", true, false)]
    [InlineData("55555555-5555-5555-5555-555555555555", false, true)]
    [InlineData("22222222-2222-2222-2222-222222222222", true, true)]
    public void Statement_9_T1_sso_goes_off_on_behalf_of_another_with_a_script(string objectId, bool withScript, bool expected)
    {
        var script = withScript ? """{"creationScript":{"scriptSource":"inline","scriptData":"bHM="}}""" : "{}";
        Samples.Model($$$$"""{"enableSSO":true,"setupScripts":{"scripts":{{{{script}}}}},"personalComputeInstanceSettings":{"assignedUser":{"objectId":"{{{{objectId}}}}","tenantId":"11111111-1111-1111-1111-111111111111"}}}""")
            .EnableSso.ShouldBe(expected);
    }

    [Fact]
    public void An_assigned_user_needs_both_ids()
    {
        const string settings = "properties.properties.personalComputeInstanceSettings.assignedUser.";
        Samples.Problems("""{"personalComputeInstanceSettings":{"assignedUser":{}}}""").ShouldBe(
            [(FindingCodes.InvalidAssignedUser, settings + "objectId"), (FindingCodes.InvalidAssignedUser, settings + "tenantId")]);
        Samples.Model("""{"personalComputeInstanceSettings":{}}""").AssignedUser.ShouldBeNull();
        Samples.Model("""{"personalComputeInstanceSettings":{"assignedUser":null}}""").AssignedUser.ShouldBeNull();
    }

    [Fact(DisplayName = "14.T1 No public address is accepted with a subnet or a private link")]
    public void No_public_address_is_accepted_with_a_subnet_or_a_private_link()
    {
        Samples.Model($$$$"""{"enableNodePublicIp":false,"subnet":{"id":"{{{{Subnet}}}}"}}""").SubnetId.ShouldBe(Subnet);
        Samples.Problems("""{"enableNodePublicIp":false}""", Samples.Context(privateLink: true)).ShouldBeEmpty();
    }

    [Theory(DisplayName = "1.T30, 9.T13 Identities are canonical")]
    [InlineData("""{"type":"Systemassigned"}""", "SystemAssigned", 0)]
    [InlineData("""{"type":"None"}""", null, 0)]
    [InlineData("""{"type":"userassigned","userAssignedIdentities":{"identity_resource_id":{}}}""", "UserAssigned", 1)]
    [InlineData("""{"type":"UserAssigned, systemassigned","userAssignedIdentities":{"my-id":{},"gone":null}}""", "SystemAssigned,UserAssigned", 1)]
    public void Statement_1_T30_and_9_T13_identities_are_canonical(string identity, string? word, int count)
    {
        var model = Samples.Model(top: $$"""{"identity":{{identity}}}""").Identity;
        model?.TypeWord.ShouldBe(word);
        (model is null).ShouldBe(word is null);
        (model?.UserAssigned ?? []).Count.ShouldBe(count);
        (model?.UserAssigned ?? []).ShouldAllBe(id =>
            id.StartsWith("/subscriptions/sub/resourceGroups/group/providers/Microsoft.ManagedIdentity/userAssignedIdentities/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"type":"Sometimes"}""", FindingCodes.InvalidRequestBody)]
    [InlineData("""{"type":"None,SystemAssigned"}""", FindingCodes.InvalidRequestBody)]
    [InlineData("""{"type":"UserAssigned"}""", FindingCodes.InvalidRequestBody)]
    [InlineData("""{"type":"SystemAssigned","userAssignedIdentities":{"abc":{}}}""", FindingCodes.InvalidRequestBody)]
    [InlineData("""{"type":"UserAssigned","userAssignedIdentities":{"a b":{}}}""", FindingCodes.InvalidIdentityId)]
    public void A_bad_identity_is_refused(string identity, string code) =>
        Samples.Problems("{}", top: $$"""{"identity":{{identity}}}""").ShouldHaveSingleItem().Code.ShouldBe(code);
}
