using System.Text.Json.Nodes;
using Carrel.Api.Tests.Support;
using Carrel.Engine.Storage;
using static Carrel.Api.Tests.Support.ApiUnderTest;

namespace Carrel.Api.Tests.Computes;

/// <summary>PUT and PATCH of an existing instance over the wire (contract 1.6).</summary>
public sealed class UpdateTests
{
    private const string Identities = Subscription + "/resourceGroups/team/providers/Microsoft.ManagedIdentity/userAssignedIdentities/";
    private const string Monthly = ",\"schedules\":{\"computeStartStop\":[{\"action\":\"Stop\",\"triggerType\":\"Recurrence\",\"recurrence\":{\"frequency\":\"Month\",\"endTime\":\"2031-01-01T00:00:00\",\"schedule\":{\"hours\":[18],\"minutes\":[0],\"monthDays\":[1,15]}}}]}";
    private const string Script = ",\"setupScripts\":{\"scripts\":{\"creationScript\":{\"scriptSource\":\"inline\",\"scriptData\":\"ZWNobyBoaQ==\",\"timeout\":\"90s\"}}}";

    [Fact(DisplayName = "1.T22, 1.T23 The PUT of what the Python reader keeps changes nothing but tags")]
    public async Task What_the_Python_reader_keeps_can_be_PUT_back()
    {
        await using ApiUnderTest api = await StartAsync();
        JsonNode before = await api.RunningAsync("desk", InstanceBody(inner: Monthly + Script + ",\"idleTimeBeforeShutdown\":\"PT1H\""));
        JsonNode body = before.DeepClone();
        body["tags"] = new JsonObject { ["k"] = "v" };
        body["properties"]!["disableLocalAuth"] = true;
        JsonNode inner = body["properties"]!["properties"]!;
        inner["applicationSharingPolicy"] = "Shared";
        inner["setupScripts"]!["scripts"]!["creationScript"] = JsonNode.Parse("""{"scriptSource":"workspaceStorage","scriptData":"ZWNobyBoaQ==","timeout":"Nonem"}""");
        JsonObject row = inner["schedules"]!["computeStartStop"]![0]!.AsObject();
        row.Remove("id");
        row["recurrence"]!.AsObject().Remove("endTime");
        row["recurrence"]!["schedule"]!.AsObject().Remove("monthDays");
        Answer put = await api.PutAsync(Compute("desk"), body.ToJsonString());
        (put.Status, put.Headers.ContainsKey("Warning")).ShouldBe((200, false), put.Text);
        JsonNode after = (await api.GetAsync(Compute("desk"))).Body;
        after["tags"]!.ToJsonString().ShouldBe("""{"k":"v"}""");
        after["properties"]!["properties"]!.ToJsonString().ShouldBe(before["properties"]!["properties"]!.ToJsonString());
    }

    [Fact(DisplayName = "1.T23 An update applies an idle time with its tags, refuses a bad one whole, and leaves enableSSO alone with a Warning")]
    public async Task An_update_applies_refuses_and_leaves_alone()
    {
        await using ApiUnderTest api = await StartAsync();
        await api.RunningAsync("desk");
        const string tags = "\"tags\":{\"k\":\"v\"},";
        Answer bad = await api.PutAsync(Compute("desk"), InstanceBody(inner: ",\"idleTimeBeforeShutdown\":\"PT14M\"", top: tags));
        (bad.Status, bad.Code).ShouldBe((400, "InvalidIdleTime"));
        (await api.GetAsync(Compute("desk"))).Body["tags"]!.AsObject().ShouldBeEmpty();

        Answer good = await api.PutAsync(Compute("desk"), InstanceBody(inner: ",\"idleTimeBeforeShutdown\":\"PT60M\"", top: tags));
        (good.Status, good.Headers.ContainsKey("Warning")).ShouldBe((200, false));
        JsonNode after = (await api.GetAsync(Compute("desk"))).Body;
        (after["tags"]!["k"]!.GetValue<string>(), after["properties"]!["properties"]!["idleTimeBeforeShutdown"]!.GetValue<string>()).ShouldBe(("v", "PT60M"));

        Answer sso = await api.PutAsync(Compute("desk"), InstanceBody(inner: ",\"enableSSO\":false", top: tags));
        sso.Status.ShouldBe(200);
        sso.Headers["Warning"].ShouldBe("299 - \"not applied: properties.properties.enableSSO\"");
        sso.Body["properties"]!["properties"]!["enableSSO"]!.GetValue<bool>().ShouldBeTrue();
        string resource = after["id"]!.GetValue<string>();
        (await api.Get<IEngineStore>().ReadAsync(view => view.ListEvents(resource, 1))).ShouldHaveSingleItem()
            .Detail.ShouldBe("Not applied: properties.properties.enableSSO.", "the activity log has it too");
    }

    [Theory]
    [InlineData("\"computeLocation\":\"westus\",", "properties.computeLocation")]
    [InlineData("\"enableSSO\":false,", "properties.enableSSO")]
    [InlineData("\"computeLocation\":\"Local\",\"resourceId\":null,\"isAttachedCompute\":true,", null)]
    public async Task What_stands_at_the_outer_level_and_is_not_used_is_named(string outer, string? warned)
    {
        await using ApiUnderTest api = await StartAsync();
        Answer put = await api.PutAsync(Compute("desk"), InstanceBody().Replace("\"computeType\"", outer + "\"computeType\"", StringComparison.Ordinal));
        put.Status.ShouldBe(201, put.Text);
        put.Headers.GetValueOrDefault("Warning").ShouldBe(warned is null ? null : $"299 - \"not applied: {warned}\"");
        (put.Body["properties"]!["computeLocation"]!.GetValue<string>(), put.Body["properties"]!["isAttachedCompute"]!.GetValue<bool>()).ShouldBe(("local", false));
        put.Body["properties"]!["properties"]!["enableSSO"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task A_user_assigned_identity_has_the_same_ids_on_every_instance_and_after_every_change()
    {
        await using ApiUnderTest api = await StartAsync();
        string Put(string id) => InstanceBody(top: $"\"identity\":{{\"type\":\"UserAssigned\",\"userAssignedIdentities\":{{\"{Identities}{id}\":{{}}}}}},");
        await api.RunningAsync("desk", Put("one"));
        await api.RunningAsync("desk2", Put("ONE"));
        JsonObject first = Ids(await api.SendAsync("GET", Compute("desk")), "one");
        Guid.Parse(first["principalId"]!.GetValue<string>()).ShouldNotBe(Guid.Parse(first["clientId"]!.GetValue<string>()));
        Ids(await api.SendAsync("GET", Compute("desk2")), "ONE").ToJsonString().ShouldBe(first.ToJsonString());

        Answer patch = await api.SendAsync("PATCH", Compute("desk"), $$$$"""{"identity":{"type":"UserAssigned","userAssignedIdentities":{"{{{{Identities}}}}two":{} } } }""");
        Ids(patch, "one").ToJsonString().ShouldBe(first.ToJsonString());
        Ids(patch, "two").ToJsonString().ShouldNotBe(first.ToJsonString());

        static JsonObject Ids(Answer answer, string id) => answer.Body["identity"]!["userAssignedIdentities"]![Identities + id]!.AsObject();
    }

    [Fact]
    public async Task A_PATCH_adds_and_takes_away_single_identities_and_clears_a_description_by_null()
    {
        await using ApiUnderTest api = await StartAsync();
        string put = InstanceBody(top: $"\"identity\":{{\"type\":\"SystemAssigned, UserAssigned\",\"userAssignedIdentities\":{{\"{Identities}one\":{{}},\"{Identities}two\":{{}}}}}},");
        await api.RunningAsync("desk", put.Replace("\"computeType\"", "\"description\":\"mine\",\"computeType\"", StringComparison.Ordinal));
        Answer patch = await api.SendAsync(
            "PATCH", Compute("desk"), $$$$$"""{"identity":{"type":"SystemAssigned,UserAssigned","userAssignedIdentities":{"{{{{{Identities}}}}}ONE":null,"{{{{{Identities}}}}}three":{}}}}""");
        patch.Status.ShouldBe(200, patch.Text);
        patch.Body["identity"]!["userAssignedIdentities"]!.AsObject().Select(item => item.Key).ShouldBe([Identities + "two", Identities + "three"]);
        patch.Body["properties"]!["description"]!.GetValue<string>().ShouldBe("mine");
        patch = await api.SendAsync("PATCH", Compute("desk"), """{"identity":{"type":"SystemAssigned"},"properties":{"description":null}}""");
        patch.Body["identity"]!["userAssignedIdentities"].ShouldBeNull();
        patch.Body["identity"]!["type"]!.GetValue<string>().ShouldBe("SystemAssigned");
        patch.Body["properties"]!["description"].ShouldBeNull();
        Answer none = await api.SendAsync("PATCH", Compute("desk"), $$$$"""{"identity":{"type":"UserAssigned","userAssignedIdentities":{"{{{{Identities}}}}one":null}}}""");
        (none.Status, none.Code, none.Target).ShouldBe((400, "InvalidRequestBody", "identity.userAssignedIdentities"));
    }
}
