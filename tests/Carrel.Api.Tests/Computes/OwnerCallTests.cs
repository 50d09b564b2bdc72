using System.Text.Json.Nodes;
using Carrel.Access.Directory;
using Carrel.Api.Tests.Support;
using Carrel.Arm.Identity;
using static Carrel.Api.Tests.Support.ApiUnderTest;

namespace Carrel.Api.Tests.Computes;

/// <summary>Calls that are the owner's alone, and what others' calls do to single sign-on (contract 9.2, 13.1).</summary>
public sealed class OwnerCallTests
{
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g bob@laptop";
    private const string Ann = "aaaaaaaa-0000-0000-0000-000000000001";
    private const string Bob = "bbbbbbbb-0000-0000-0000-000000000001";
    private const string ForBob = ",\"personalComputeInstanceSettings\":{\"assignedUser\":{\"objectId\":\"bbbbbbbb-0000-0000-0000-000000000001\",\"tenantId\":\"99999999-0000-0000-0000-000000000001\"}}";
    private const string Actions = "Microsoft.MachineLearningServices/workspaces/computes/";

    [Fact(DisplayName = "9.T1 Single sign-on of an on-behalf instance with a creation script is off whatever the body says, without script and service it stays as asked")]
    public async Task Single_sign_on_is_off_where_an_administrators_script_would_run_with_it()
    {
        await using ApiUnderTest api = await StartAsync();
        const string script = ",\"setupScripts\":{\"scripts\":{\"creationScript\":{\"scriptSource\":\"inline\",\"scriptData\":\"ZWNobyBoaQ==\"}}}";
        const string service = ",\"customServices\":[{\"name\":\"s\",\"image\":{\"reference\":\"r\"},\"endpoints\":[{\"target\":8787,\"published\":8787}]}]";
        foreach ((string inner, bool sso) in new[]
        {
            (ForBob + script, false), (ForBob + service, false), (ForBob, true), (script + service, true),
            (ForBob.Replace(Bob, Ann, StringComparison.Ordinal) + script, true),
        })
        {
            Answer made = await api.PutAsync(Compute("desk"), InstanceBody(inner: ",\"enableSSO\":true" + inner));
            made.Status.ShouldBe(201, made.Text);
            (await SsoAsync(api)).ShouldBe(sso, inner);
            await api.EndAsync(made);
            await api.EndAsync(await api.DeleteAsync(Compute("desk")));
        }

        Answer off = await api.PutAsync(Compute("desk"), InstanceBody(inner: ",\"enableSSO\":false" + ForBob));
        off.Status.ShouldBe(201);
        (await SsoAsync(api)).ShouldBeFalse("it stays as asked");
    }

    [Fact(DisplayName = "9.T3 A group is refused as assigned user")]
    public async Task A_group_is_refused_as_assigned_user()
    {
        await using ApiUnderTest api = await StartAsync();
        await api.Get<IDirectoryStore>().TryAddGroupAsync(new DirectoryGroup(Guid.Parse(Bob), "Team", null, DateTimeOffset.UnixEpoch), default);
        Answer refused = await api.PutAsync(Compute("desk"), InstanceBody(inner: ForBob));
        (refused.Status, refused.Code, refused.Target).ShouldBe((400, "InvalidAssignedUser", "properties.properties.personalComputeInstanceSettings.assignedUser.objectId"));
        refused.Message.ShouldContain("group");
    }

    [Theory(DisplayName = "9.T12 Another assigned user in a PUT is 409")]
    [InlineData("\"objectId\":\"cccccccc-0000-0000-0000-000000000001\"")]
    [InlineData("\"objectId\":\"aaaaaaaa-0000-0000-0000-000000000001\"")]
    public async Task Reassigning_is_a_conflict(string other)
    {
        await using ApiUnderTest api = await StartAsync();
        await api.RunningAsync("desk", InstanceBody(inner: ForBob));
        Answer answer = await api.PutAsync(Compute("desk"), InstanceBody(inner: ForBob.Replace($"\"objectId\":\"{Bob}\"", other, StringComparison.Ordinal)));
        (answer.Status, answer.Code).ShouldBe((409, "ComputeInstanceImmutableProperty"));
        (await api.GetAsync(Compute("desk"))).Text.ShouldContain(Bob);
    }

    [Fact(DisplayName = "9.T14 A create with applicationSharingPolicy Shared is answered with Personal")]
    public async Task Shared_is_answered_with_Personal()
    {
        await using ApiUnderTest api = await StartAsync();
        Answer made = await api.PutAsync(Compute("desk"), InstanceBody(inner: ",\"applicationSharingPolicy\":\"Shared\""));
        made.Status.ShouldBe(201, made.Text);
        foreach (Answer answer in new[] { made, await api.GetAsync(Compute("desk")) })
            answer.Body["properties"]!["properties"]!["applicationSharingPolicy"]!.GetValue<string>().ShouldBe("Personal");
    }

    [Fact(DisplayName = "9.T3 A service principal or another tenant is refused as assigned user, somebody unknown is accepted with a Warning")]
    public async Task Who_is_no_person_is_refused_as_assigned_user_and_who_is_unknown_is_not()
    {
        await using ApiUnderTest api = await StartAsync();
        var program = new ServicePrincipal(Guid.NewGuid(), Guid.NewGuid(), "robot", CallerKind.Application, DateTimeOffset.UnixEpoch);
        await api.Get<IDirectoryStore>().TryAddServicePrincipalAsync(program, [], default);
        const string target = "properties.properties.personalComputeInstanceSettings.assignedUser.";
        Answer robot = await api.PutAsync(Compute("desk"), InstanceBody(inner: ForBob.Replace(Bob, program.ObjectId.ToString(), StringComparison.Ordinal)));
        (robot.Status, robot.Code, robot.Target).ShouldBe((400, "InvalidAssignedUser", target + "objectId"));
        Answer foreign = await api.PutAsync(Compute("desk"), InstanceBody(inner: ForBob.Replace("99999999", "99999998", StringComparison.Ordinal)));
        (foreign.Status, foreign.Code, foreign.Target).ShouldBe((400, "InvalidAssignedUser", target + "tenantId"));
        Answer unknown = await api.PutAsync(Compute("desk"), InstanceBody(inner: ForBob));
        unknown.Status.ShouldBe(201, unknown.Text);
        unknown.Headers["Warning"].ShouldStartWith("299 - \"nobody here has the object id " + Bob);
        Answer example = await api.PutAsync(Compute("nobodys"), InstanceBody(inner: ForBob.Replace(Bob, Guid.Empty.ToString(), StringComparison.Ordinal)));
        (example.Status, example.Headers["Warning"].Contains("nobody can open this instance", StringComparison.Ordinal)).ShouldBe((201, true), "the published examples say all zeros");
        unknown.Body["properties"]!["properties"]!["personalComputeInstanceSettings"]!["assignedUser"]!["objectId"]!.GetValue<string>().ShouldBe(Bob);
        await api.EndAsync(unknown);
        (await api.PutAsync(Compute("desk"), InstanceBody(inner: ForBob))).Headers.ShouldNotContainKey("Warning", "an update assigns nothing");
        await api.Get<IDirectoryStore>().TryAddUserAsync(new DirectoryUser(Guid.Parse(Bob), "bob@contoso.com", "Bob", "", DateTimeOffset.UnixEpoch), default);
        Answer known = await api.PutAsync(Compute("chair"), InstanceBody(inner: ForBob));
        (known.Status, known.Headers.ContainsKey("Warning")).ShouldBe((201, false));
    }

    [Fact(DisplayName = "9.T2 The creator may not switch the single sign-on of an on-behalf instance, its user may with the action alone")]
    public async Task The_creator_may_not_switch_the_single_sign_on_of_somebody_else()
    {
        await using ApiUnderTest api = await StartAsync();
        await api.RunningAsync("desk", InstanceBody(inner: ForBob));
        Answer creator = await api.PostAsync("desk", "enableSso", """{"enableSSO":false}""");
        (creator.Status, creator.Code).ShouldBe((403, "SsoNotAllowedForCreator"));
        Answer without = await api.PostAsync("desk", "enableSso", """{"enableSSO":false}""", "bob");
        (without.Status, without.Code).ShouldBe((403, "AuthorizationFailed"));
        api.Roles.Granted.Add(Actions + "enableSso/action");
        (await api.PostAsync("desk", "enableSso", """{"enableSSO":false}""", "bob")).Status.ShouldBe(200);
        (await SsoAsync(api)).ShouldBeFalse();
    }

    [Fact(DisplayName = "9.T15 The creator of a self-created instance switches its single sign-on, nobody else does")]
    public async Task The_creator_of_a_self_created_instance_switches_its_single_sign_on()
    {
        await using ApiUnderTest api = await StartAsync();
        await api.RunningAsync("desk");
        foreach (bool asked in new[] { false, true, false })
        {
            (await api.PostAsync("desk", "enableSso", $$"""{"enableSSO":{{(asked ? "true" : "false")}}}""")).Status.ShouldBe(200);
            (await SsoAsync(api)).ShouldBe(asked);
        }

        api.Roles.Granted.Add(Actions + "enableSso/action");
        Answer other = await api.PostAsync("desk", "enableSso", """{"enableSSO":true}""", "bob");
        (other.Status, other.Code).ShouldBe((403, "ComputeInstanceAccessDenied"));
        (await SsoAsync(api)).ShouldBeFalse();
    }

    [Fact(DisplayName = "13.T3 The owner adds an SSH key to an instance made without one, its creator is refused")]
    public async Task The_owner_adds_a_key_and_the_creator_is_refused()
    {
        await using ApiUnderTest api = await StartAsync();
        await api.RunningAsync("desk", InstanceBody(inner: ForBob + ",\"sshSettings\":{\"sshPublicAccess\":\"Enabled\"}"));
        string body = new JsonObject { ["adminPublicKey"] = Key + "\n" }.ToJsonString();
        Answer creator = await api.PostAsync("desk", "updateSshKey", body);
        (creator.Status, creator.Code).ShouldBe((403, "ComputeInstanceAccessDenied"));
        (await api.PostAsync("desk", "updateSshKey", body, "bob")).Code.ShouldBe("AuthorizationFailed", "an SSH key is a way in, so the owner needs the action for ways in");
        api.Roles.Granted.Add(Actions + "applicationaccess/action");
        (await api.PostAsync("desk", "updateSshKey", body, "bob")).Status.ShouldBe(200);
        JsonNode ssh = (await api.GetAsync(Compute("desk"))).Body["properties"]!["properties"]!["sshSettings"]!;
        ssh["adminPublicKey"]!.GetValue<string>().ShouldBe(Key);
        Answer privateKey = await api.PostAsync("desk", "updateSshKey", """{"adminPublicKey":"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----"}""", "bob");
        (privateKey.Status, privateKey.Code).ShouldBe((400, "InvalidSshSettings"));
        (await api.GetAsync(Compute("desk"))).Text.ShouldContain(Key, Case.Sensitive, "the old key stays");
    }

    [Fact]
    public async Task A_key_for_an_instance_without_SSH_access_is_a_conflict()
    {
        await using ApiUnderTest api = await StartAsync();
        await api.RunningAsync("desk");
        Answer answer = await api.PostAsync("desk", "updateSshKey", new JsonObject { ["adminPublicKey"] = Key }.ToJsonString());
        (answer.Status, answer.Code).ShouldBe((409, "ComputeOperationConflict"));
        answer.Message.ShouldContain("UpdateSshKey");
        answer.Message.ShouldContain("Disabled");
    }

    [Theory]
    [InlineData("ann", false)]
    [InlineData("bob", true)]
    public async Task A_service_that_another_person_than_the_owner_adds_switches_single_sign_on_off(string who, bool sso)
    {
        await using ApiUnderTest api = await StartAsync();
        await api.RunningAsync("desk", InstanceBody(inner: ForBob));
        (await SsoAsync(api)).ShouldBeTrue();
        api.Roles.Granted.Add(Actions + "updateCustomServices/action");
        Answer answer = await api.PostAsync("desk", "customServices", """[{"name":"s","image":{"reference":"r"},"endpoints":[{"target":8787,"published":8787}]}]""", who);
        answer.Status.ShouldBe(200, answer.Text);
        (await SsoAsync(api)).ShouldBe(sso);
        (await api.PostAsync("desk", "customServices", "[]")).Status.ShouldBe(200);
        (await api.GetAsync(Compute("desk"))).Body["properties"]!["properties"]!["customServices"].ShouldBeNull();
    }

    private static async Task<bool> SsoAsync(ApiUnderTest api) =>
        (await api.GetAsync(Compute("desk"))).Body["properties"]!["properties"]!["enableSSO"]!.GetValue<bool>();
}
