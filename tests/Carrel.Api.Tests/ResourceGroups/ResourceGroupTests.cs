using System.Text.Json.Nodes;
using Carrel.Api.Tests.Support;
using Carrel.TestKit.Engines;

namespace Carrel.Api.Tests.ResourceGroups;

/// <summary>Resource groups over the wire (wire 6).</summary>
public sealed class ResourceGroupTests
{
    private const string Group = ApiUnderTest.Subscription + "/resourceGroups/team";

    [Fact]
    public async Task Deletion_takes_everything_along_and_can_be_polled_to_its_end_and_after()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.RunningAsync("desk");
        await api.PutAsync(ApiUnderTest.Workspaces + "/study", """{"location":"local"}""");
        Gate gate = Gate.At(api.Host, "DeleteMachineAsync");
        Answer deletion = await api.DeleteAsync(ApiUnderTest.Subscription + "/resourcegroups/TEAM");
        (deletion.Status, deletion.Text).ShouldBe((202, ""));
        deletion.Headers["Azure-AsyncOperation"].ShouldStartWith($"{ApiUnderTest.PublicUrl}{ApiUnderTest.Subscription}/operationstatuses/");
        deletion.Headers["Location"].ShouldStartWith($"{ApiUnderTest.PublicUrl}{ApiUnderTest.Subscription}/operationresults/");
        deletion.Headers["Retry-After"].ShouldBe("1");
        await gate.Reached;

        (await api.GetAsync(Group)).Body["properties"]!["provisioningState"]!.GetValue<string>().ShouldBe("Deleting");
        (await api.GetAsync(ApiUnderTest.Local(deletion.Headers["Location"]))).Status.ShouldBe(202);
        (await api.PutAsync(Group, """{"location":"local"}""")).Code.ShouldBe("ResourceGroupBeingDeleted");
        (await api.SendAsync("PATCH", Group, """{"tags":{}}""")).Code.ShouldBe("ResourceGroupBeingDeleted");
        Answer newcomer = await api.PutAsync(ApiUnderTest.Workspaces + "/newcomer", """{"location":"local"}""");
        (newcomer.Status, newcomer.Code).ShouldBe((409, "ResourceGroupBeingDeleted"));
        (await api.PutAsync(ApiUnderTest.Compute("chair"), ApiUnderTest.InstanceBody())).Code.ShouldBe("ParentResourceNotFound");
        (await api.DeleteAsync(Group)).Headers["Location"].ShouldBe(deletion.Headers["Location"], "the same deletion");

        gate.Open();
        (await api.EndAsync(deletion))["status"]!.GetValue<string>().ShouldBe("Succeeded");
        (await api.GetAsync(Group)).Code.ShouldBe("ResourceGroupNotFound");
        (await api.GetAsync(ApiUnderTest.Local(deletion.Headers["Location"]))).Status.ShouldBe(204);
        api.Host.BeforeVerb = null;
        (await api.Host.ListMachinesAsync(default)).ShouldBeEmpty();
        (await api.Host.ListNetworksAsync(default)).ShouldBeEmpty();
        (await api.PutAsync(Group, """{"location":"eastus"}""")).Status.ShouldBe(201, "the name is free again");
    }

    [Fact]
    public async Task Deleting_an_absent_group_is_404()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        Answer answer = await api.DeleteAsync(ApiUnderTest.Subscription + "/resourceGroups/none");
        (answer.Status, answer.Code).ShouldBe((404, "ResourceGroupNotFound"));
    }

    [Fact]
    public async Task An_empty_group_goes_and_others_stay()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        const string other = ApiUnderTest.Subscription + "/resourceGroups/team_";
        await api.PutAsync(other, """{"location":"local"}""");
        (await api.EndAsync(await api.DeleteAsync(other)))["status"]!.GetValue<string>().ShouldBe("Succeeded");
        (await api.GetAsync(ApiUnderTest.Lab)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Its_starter_and_readers_of_the_group_may_poll()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        string status = ApiUnderTest.Local((await api.DeleteAsync(Group)).Headers["Azure-AsyncOperation"]);
        (await api.GetAsync(status, who: "bob")).Status.ShouldBe(403);
        api.Roles.Granted.Add("Microsoft.Resources/subscriptions/resourceGroups/read");
        (await api.GetAsync(status, who: "bob")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task PATCH_changes_tags_and_nothing_else()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        JsonNode patched = (await api.SendAsync("PATCH", Group, """{"tags":{"a":"b"},"location":"eastus"}""")).Body;
        patched["tags"]!["a"]!.GetValue<string>().ShouldBe("b");
        patched["location"]!.GetValue<string>().ShouldBe("local");
        (await api.SendAsync("PATCH", Group, "{}")).Body["tags"]!["a"]!.GetValue<string>().ShouldBe("b");
        (await api.SendAsync("PATCH", Group, """{"tags":[]}""")).Code.ShouldBe("InvalidRequestBody");
        (await api.SendAsync("PATCH", ApiUnderTest.Subscription + "/resourceGroups/none", "{}")).Code.ShouldBe("ResourceGroupNotFound");
    }
}
