using System.Text.Json.Nodes;
using Carrel.Api.Tests.Support;
using Carrel.TestKit.Engines;

namespace Carrel.Api.Tests.Operations;

/// <summary>Status and result of long-running operations (wire 4).</summary>
public sealed class PollTests
{
    [Fact]
    public async Task Status_and_result_during_and_after_a_creation()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        Gate gate = Gate.At(api.Host, "StartMachineAsync");
        Answer put = await api.PutAsync(ApiUnderTest.Compute("desk"), ApiUnderTest.InstanceBody());
        await gate.Reached;
        string status = ApiUnderTest.Local(put.Headers["Azure-AsyncOperation"]);
        string result = ApiUnderTest.Local(put.Headers["Location"]);
        Answer during = await api.GetAsync(status);
        during.Status.ShouldBe(200);
        during.Headers["Retry-After"].ShouldBe("1");
        during.Body["status"]!.GetValue<string>().ShouldBe("InProgress");
        during.Body["endTime"].ShouldBeNull();
        during.Body["id"]!.GetValue<string>().ShouldBe(status.Split('?')[0]);
        Answer waiting = await api.GetAsync(result);
        waiting.Status.ShouldBe(202);
        waiting.Headers["Location"].ShouldBe(put.Headers["Location"]);
        waiting.Headers["Retry-After"].ShouldBe("1");
        gate.Open();
        JsonNode end = await api.EndAsync(put);
        end["percentComplete"]!.GetValue<double>().ShouldBe(100);
        end["endTime"].ShouldNotBeNull();
        (await api.GetAsync(status)).Headers.ShouldNotContainKey("Retry-After");
        Answer done = await api.GetAsync(result);
        done.Status.ShouldBe(200);
        done.Body["id"]!.GetValue<string>().ShouldBe(ApiUnderTest.Compute("desk"));
        // The JavaScript client appends the query of its first request.
        (await api.GetAsync(status + "&underlyingResourceAction=Delete")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Polls_go_on_when_the_resource_is_gone()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        Answer put = await api.PutAsync(ApiUnderTest.Compute("desk"), ApiUnderTest.InstanceBody());
        await api.EndAsync(put);
        Answer deletion = await api.DeleteAsync(ApiUnderTest.Compute("desk"));
        await api.EndAsync(deletion);
        (await api.GetAsync(ApiUnderTest.Local(deletion.Headers["Azure-AsyncOperation"]))).Body["status"]!.GetValue<string>().ShouldBe("Succeeded");
        (await api.GetAsync(ApiUnderTest.Local(deletion.Headers["Location"]))).Status.ShouldBe(204);
        (await api.GetAsync(ApiUnderTest.Local(put.Headers["Azure-AsyncOperation"]))).Status.ShouldBe(200);
        (await api.GetAsync(ApiUnderTest.Local(put.Headers["Location"]))).Status.ShouldBe(204);
    }

    [Fact]
    public async Task A_failed_operation_says_why_and_a_canceled_one_that_it_was()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        api.Host.BeforeVerb = (verb, _) => verb == "EnsureMachineAsync" ? throw new Carrel.Instances.Hosting.HostRefusedException("ImageNotFound", "No such image.") : Task.CompletedTask;
        Answer put = await api.PutAsync(ApiUnderTest.Compute("desk"), ApiUnderTest.InstanceBody());
        JsonNode failed = await api.EndAsync(put);
        failed["status"]!.GetValue<string>().ShouldBe("Failed");
        failed["error"]!["code"]!.GetValue<string>().ShouldBe("ImageNotFound");
        Answer result = await api.GetAsync(ApiUnderTest.Local(put.Headers["Location"]));
        (result.Status, result.Code).ShouldBe((409, "ImageNotFound"));

        Gate gate = Gate.At(api.Host, "StartMachineAsync");
        Answer other = await api.PutAsync(ApiUnderTest.Compute("chair"), ApiUnderTest.InstanceBody());
        await gate.Reached;
        await api.EndAsync(await api.DeleteAsync(ApiUnderTest.Compute("chair")));
        (await api.EndAsync(other))["status"]!.GetValue<string>().ShouldBe("Canceled");
        (await api.GetAsync(ApiUnderTest.Local(other.Headers["Location"]))).Code.ShouldBe("OperationCanceled");
    }

    [Fact]
    public async Task Its_starter_and_readers_of_its_target_may_poll_and_others_are_refused()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        Answer put = await api.PutAsync(ApiUnderTest.Compute("desk"), ApiUnderTest.InstanceBody());
        string status = ApiUnderTest.Local(put.Headers["Azure-AsyncOperation"]);
        Answer stranger = await api.GetAsync(status, who: "bob");
        (stranger.Status, stranger.Code).ShouldBe((403, "AuthorizationFailed"));
        (await api.GetAsync(ApiUnderTest.Local(put.Headers["Location"]), who: "bob")).Status.ShouldBe(403);
        api.Roles.Granted.Add("Microsoft.MachineLearningServices/workspaces/computes/read");
        (await api.GetAsync(status, who: "bob")).Status.ShouldBe(200);
        (await api.GetAsync(status, who: "")).Status.ShouldBe(401);
        (await api.GetAsync(status.Replace(EngineUnderTest.Subscription, Guid.NewGuid().ToString()))).Status.ShouldBe(404);
        (await api.GetAsync(status.Split("computeOperationsStatus")[0] + "computeOperationsStatus/nonsense?api-version=2024-10-01")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_poll_with_strange_characters_in_its_location_is_answered()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        Gate gate = Gate.At(api.Host, "StartMachineAsync");
        Answer put = await api.PutAsync(ApiUnderTest.Compute("desk"), ApiUnderTest.InstanceBody());
        await gate.Reached;
        string result = ApiUnderTest.Local(put.Headers["Location"]).Replace("/local/", "/%E2%82%AC%0d%0aX-Evil:%201/");
        Answer answer = await api.GetAsync(result);
        answer.Status.ShouldBe(202);
        answer.Headers.ShouldNotContainKey("X-Evil");
        answer.Headers["Location"].ShouldContain("/%E2%82%AC%0D%0AX-Evil:%201/", Case.Insensitive);
        gate.Open();
    }
}
