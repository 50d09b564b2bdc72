using System.Text.Json.Nodes;
using Carrel.Api.Tests.Support;

namespace Carrel.Api.Tests.Workspaces;

/// <summary>Workspaces, groups and subscriptions over the wire.</summary>
public sealed class WorkspaceTests
{
    [Fact(DisplayName = "1.T31 A minimal workspace is made and its deletion ends with 404")]
    public async Task Statement_1_T31_a_minimal_workspace_is_made_and_its_deletion_ends_with_404()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        const string path = ApiUnderTest.Workspaces + "/study";
        Answer put = await api.PutAsync(path, """{"location":"eastus","sku":{"name":"Basic"},"identity":{"type":"SystemAssigned"},"properties":{"friendlyName":"Study","hbiWorkspace":"false"}}""");
        put.Status.ShouldBe(201, put.Text);
        put.Headers["Azure-AsyncOperation"].ShouldContain("/workspaceOperationsStatus/");
        (await api.EndAsync(put))["status"]!.GetValue<string>().ShouldBe("Succeeded");
        JsonNode result = (await api.GetAsync(ApiUnderTest.Local(put.Headers["Location"]))).Body;
        result["properties"]!["friendlyName"]!.GetValue<string>().ShouldBe("Study");
        result["identity"]!["principalId"].ShouldNotBeNull();
        (await api.PutAsync(path, """{"location":"eastus"}""")).Status.ShouldBe(200);
        Answer deletion = await api.DeleteAsync(path);
        (deletion.Status, deletion.Text).ShouldBe((202, ""));
        (await api.EndAsync(deletion))["status"]!.GetValue<string>().ShouldBe("Succeeded");
        (await api.GetAsync(path)).Code.ShouldBe("ResourceNotFound");
        (await api.DeleteAsync(path)).Status.ShouldBe(204);
        (await api.GetAsync(ApiUnderTest.Local(deletion.Headers["Location"]))).Status.ShouldBe(204);
    }

    [Fact]
    public async Task A_PATCH_changes_what_it_names()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.PutAsync(ApiUnderTest.Lab, """{"location":"local","tags":{"a":"1"},"properties":{"description":"old","friendlyName":"Lab"}}""");
        Answer patch = await api.SendAsync("PATCH", ApiUnderTest.Lab, """{"properties":{"description":"new","workspaceId":"mine"}}""");
        patch.Body["properties"]!["description"]!.GetValue<string>().ShouldBe("new");
        patch.Body["properties"]!["friendlyName"]!.GetValue<string>().ShouldBe("Lab");
        patch.Body["properties"]!["workspaceId"]!.GetValue<string>().ShouldNotBe("mine");
        patch.Body["tags"]!["a"]!.GetValue<string>().ShouldBe("1");
    }

    [Theory]
    [InlineData("{\"location\":\"not a label!\"}", "InvalidLocation")]
    [InlineData("{\"location\":7}", "InvalidRequestBody")]
    [InlineData("{\"location\":\"local\",\"tags\":[]}", "InvalidRequestBody")]
    [InlineData("{\"location\":\"local\",\"tags\":{\"a\":1}}", "InvalidRequestBody")]
    [InlineData("{\"location\":\"local\",\"identity\":{\"type\":\"Nobody\"}}", "InvalidRequestBody")]
    [InlineData("{\"location\":\"local\",\"properties\":\"x\"}", "InvalidRequestBody")]
    public async Task A_wrong_workspace_is_400(string body, string code)
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        Answer answer = await api.PutAsync(ApiUnderTest.Lab, body);
        (answer.Status, answer.Code).ShouldBe((400, code));
    }

    [Fact]
    public async Task Members_that_occur_twice_or_in_two_spellings_do_no_harm()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        const string body = """{"location":"local","Location":"local","properties":{"x":{"a":1,"a":2},"x":{"b":1,"b":2},"FriendlyName":"f","friendlyName":"g","WORKSPACEID":"mine"},"tags":{"a":"1","a":"2","A":"3"}}""";
        (await api.PutAsync(ApiUnderTest.Lab, body)).Status.ShouldBe(200);
        (await api.SendAsync("PATCH", ApiUnderTest.Lab, body)).Status.ShouldBe(200);
        (await api.GetAsync(ApiUnderTest.Lab)).Status.ShouldBe(200);
        (await api.GetAsync(ApiUnderTest.Workspaces)).Status.ShouldBe(200);
        (await api.PutAsync(ApiUnderTest.Compute("desk"), ApiUnderTest.InstanceBody())).Status.ShouldBe(201);
    }

    [Fact]
    public async Task Groups_and_subscriptions_answer_as_the_clients_ask()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        const string group = ApiUnderTest.Subscription + "/resourcegroups/team";
        (await api.SendAsync("HEAD", group)).Status.ShouldBe(204);
        (await api.SendAsync("HEAD", ApiUnderTest.Subscription + "/resourcegroups/none")).Status.ShouldBe(404);
        (await api.GetAsync(ApiUnderTest.Subscription + "/resourcegroups/none")).Code.ShouldBe("ResourceGroupNotFound");
        (await api.PutAsync(group, """{"location":"local","tags":{"a":"b"}}""")).Status.ShouldBe(200);
        (await api.PutAsync(group, """{"location":"elsewhere"}""")).Status.ShouldBe(409);
        (await api.GetAsync("/subscriptions")).Body["value"]!.AsArray().Count.ShouldBe(1);
        (await api.GetAsync("/subscriptions", who: "bob")).Body["value"]!.AsArray().ShouldBeEmpty();
        (await api.GetAsync("/subscriptions/33333333-3333-3333-3333-333333333333")).Code.ShouldBe("SubscriptionNotFound");
        (await api.GetAsync("/tenants")).Body["value"]!.AsArray().Count.ShouldBe(1);
        (await api.PutAsync(ApiUnderTest.Subscription + "/resourceGroups/none/providers/Microsoft.MachineLearningServices/workspaces/lab", "{}")).Code.ShouldBe("ResourceGroupNotFound");
    }
}
