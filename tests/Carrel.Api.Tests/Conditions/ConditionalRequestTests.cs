using Carrel.Api.Tests.Support;
using Carrel.TestKit.Engines;

namespace Carrel.Api.Tests.Conditions;

/// <summary>If-Match and If-None-Match on computes, workspaces and groups (RFC 9110, 13).</summary>
public sealed class ConditionalRequestTests
{
    private const string Group = ApiUnderTest.Subscription + "/resourceGroups/team";
    private const string GroupBody = """{"location":"local","tags":{"a":"b"}}""";

    public static TheoryData<string, string, string> Resources => new()
    {
        { Group, GroupBody, """{"tags":{"a":"c"}}""" },
        { ApiUnderTest.Lab, """{"location":"local","tags":{"a":"b"}}""", """{"tags":{"a":"c"}}""" },
        { ApiUnderTest.Compute("desk"), ApiUnderTest.InstanceBody(top: "\"tags\":{\"a\":\"b\"},"), """{"tags":{"a":"c"}}""" },
    };

    [Theory]
    [MemberData(nameof(Resources))]
    public async Task Each_answer_carries_the_etag_and_a_change_gives_another_one(string path, string body, string patch)
    {
        await using ApiUnderTest api = await WithDeskAsync();
        string first = await TagAsync(api, path);
        first.ShouldMatch("^\"[0-9a-f]{32}-[0-9]+\"$");
        (await TagAsync(api, path)).ShouldBe(first, "nothing changed");
        Answer put = await api.PutAsync(path, body);
        put.Status.ShouldBe(200, put.Text);
        put.Headers["ETag"].ShouldNotBe(first);
        put.Headers["ETag"].ShouldBe(await TagAsync(api, path));
        Answer patched = await api.SendAsync("PATCH", path, patch);
        patched.Headers["ETag"].ShouldBe(await TagAsync(api, path));
        patched.Headers["ETag"].ShouldNotBe(put.Headers["ETag"]);
    }

    [Theory]
    [MemberData(nameof(Resources))]
    public async Task A_reader_that_has_the_version_gets_304_and_HEAD_answers_as_the_clients_expect(string path, string body, string patch)
    {
        _ = (body, patch);
        await using ApiUnderTest api = await WithDeskAsync();
        string tag = await TagAsync(api, path);
        foreach (string known in new[] { tag, "W/" + tag, $"\"other\" , {tag}", "*" })
        {
            Answer answer = await api.SendAsync("GET", path, change: With("If-None-Match", known));
            (answer.Status, answer.Text, answer.Headers["ETag"]).ShouldBe((304, "", tag), known);
        }

        (await api.SendAsync("GET", path, change: With("If-None-Match", "\"other\""))).Status.ShouldBe(200);
        (await api.SendAsync("GET", path, change: With("If-Match", "\"other\""))).Status.ShouldBe(412);
        Answer head = await api.SendAsync("HEAD", path);
        (head.Status, head.Text, head.Headers["ETag"]).ShouldBe((204, "", tag));
        Answer none = await api.SendAsync("HEAD", path + "-none");
        (none.Status, none.Text).ShouldBe((404, ""));
    }

    [Theory]
    [MemberData(nameof(Resources))]
    public async Task A_change_on_another_version_is_412_with_target_and_current_etag_and_changes_nothing(string path, string body, string patch)
    {
        await using ApiUnderTest api = await WithDeskAsync();
        string tag = await TagAsync(api, path);
        foreach ((string method, string? content) in new[] { ("PUT", body), ("PATCH", patch), ("DELETE", null) })
        {
            foreach ((string header, string value) in new[] { ("If-Match", "\"old\""), ("If-Match", "W/" + tag), ("If-Match", "\"a\",\"b\""), ("If-None-Match", "*"), ("If-None-Match", "W/" + tag) })
            {
                Answer answer = await api.SendAsync(method, path, content, change: With(header, value));
                (answer.Status, answer.Code, answer.Target).ShouldBe((412, "PreconditionFailed", path), $"{method} {header}: {value}");
                answer.Message.ShouldContain(tag);
            }
        }

        (await TagAsync(api, path)).ShouldBe(tag);
        (await api.SendAsync("PUT", path, body, change: With("If-Match", $"\"old\", {tag}"))).Status.ShouldBe(200);
        (await api.SendAsync("PATCH", path, patch, change: With("If-Match", "*"))).Status.ShouldBe(200);
        (await api.SendAsync("DELETE", path, change: With("If-Match", await TagAsync(api, path)))).Status.ShouldBe(202);
    }

    [Theory]
    [InlineData("no-quotes")]
    [InlineData("")]
    [InlineData("\"open")]
    [InlineData("w/\"lower\"")]
    [InlineData("*, \"a\"")]
    [InlineData("\"a\" \"b\"")]
    [InlineData("\"a\",")]
    [InlineData("W/*")]
    [InlineData("\"a b\"")]
    public async Task A_malformed_header_is_400_and_changes_nothing(string value)
    {
        await using ApiUnderTest api = await WithDeskAsync();
        string tag = await TagAsync(api, ApiUnderTest.Lab);
        foreach (string header in new[] { "If-Match", "If-None-Match" })
        {
            foreach ((string method, string? body) in new[] { ("PUT", GroupBody), ("PATCH", "{}"), ("DELETE", null), ("GET", (string?)null) })
            {
                Answer answer = await api.SendAsync(method, ApiUnderTest.Lab, body, change: With(header, value));
                (answer.Status, answer.Code, answer.Target).ShouldBe((400, "InvalidHeaderValue", header), $"{method} {header}");
            }
        }

        (await TagAsync(api, ApiUnderTest.Lab)).ShouldBe(tag);
    }

    [Fact]
    public async Task What_does_not_exist_is_made_with_If_None_Match_and_not_with_If_Match()
    {
        await using ApiUnderTest api = await WithDeskAsync();
        foreach ((string path, string body) in new[]
        {
            (ApiUnderTest.Subscription + "/resourceGroups/other", GroupBody),
            (ApiUnderTest.Workspaces + "/study", """{"location":"local"}"""),
            (ApiUnderTest.Compute("chair"), ApiUnderTest.InstanceBody()),
        })
        {
            foreach (string match in new[] { "*", "\"a\"" })
            {
                Answer refused = await api.SendAsync("PUT", path, body, change: With("If-Match", match));
                (refused.Status, refused.Code).ShouldBe((412, "PreconditionFailed"));
                refused.Message.ShouldContain("does not exist");
            }

            (await api.GetAsync(path)).Status.ShouldBe(404, "nothing half made");
            (await api.SendAsync("PUT", path, body, change: With("If-None-Match", "*"))).Status.ShouldBe(201);
            (await api.SendAsync("PUT", path, body, change: With("If-None-Match", "*"))).Status.ShouldBe(412);
        }

        // What a deletion wants is so already.
        (await api.SendAsync("DELETE", ApiUnderTest.Compute("nobody"), change: With("If-Match", "\"a\""))).Status.ShouldBe(204);
    }

    [Fact]
    public async Task A_wrong_body_is_told_before_the_condition_and_the_condition_before_the_state()
    {
        await using ApiUnderTest api = await WithDeskAsync();
        string desk = ApiUnderTest.Compute("desk");
        (await api.SendAsync("PUT", desk, """{"properties":{"computeType":7}}""", change: With("If-Match", "\"old\""))).Status.ShouldBe(400);
        (await api.SendAsync("PUT", desk, ApiUnderTest.InstanceBody("STANDARD_DS2_V2"), change: With("If-Match", "\"old\""))).Status.ShouldBe(412, "not 409 for the size");
    }

    [Fact]
    public async Task Of_many_changes_on_one_version_one_happens()
    {
        await using ApiUnderTest api = await WithDeskAsync();
        foreach (string path in new[] { Group, ApiUnderTest.Lab, ApiUnderTest.Compute("desk") })
        {
            string tag = await TagAsync(api, path);
            Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(number =>
                api.SendAsync("PATCH", path, $$$"""{"tags":{"n":"{{{number}}}"}}""", change: With("If-Match", tag))));
            answers.Select(answer => answer.Status).Order().ShouldBe([200, .. Enumerable.Repeat(412, 15)]);
        }

        Answer[] creations = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ =>
            api.SendAsync("PUT", ApiUnderTest.Compute("stool"), ApiUnderTest.InstanceBody(), change: With("If-None-Match", "*"))));
        creations.Select(answer => answer.Status).Order().ShouldBe([201, .. Enumerable.Repeat(412, 15)]);
    }

    [Fact]
    public async Task What_is_made_anew_under_an_old_name_has_another_etag()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        const string path = ApiUnderTest.Workspaces + "/study";
        string old = (await api.PutAsync(path, """{"location":"local"}""")).Headers["ETag"];
        await api.EndAsync(await api.DeleteAsync(path));
        (await api.PutAsync(path, """{"location":"local"}""")).Headers["ETag"].ShouldNotBe(old);
    }

    [Theory]
    [InlineData("updateSchedules", """{"computeStartStop":[]}""")]
    [InlineData("updateIdleShutdownSetting", """{"idleTimeBeforeShutdown":"PT30M"}""")]
    public async Task A_setting_is_changed_on_the_version_that_was_read_or_not_at_all(string call, string body)
    {
        await using ApiUnderTest api = await WithDeskAsync();
        string path = ApiUnderTest.Compute("desk");
        string tag = await TagAsync(api, path);
        Answer refused = await api.SendAsync("POST", $"{path}/{call}", body, change: With("If-Match", "\"other\""));
        (refused.Status, refused.Code).ShouldBe((412, "PreconditionFailed"));
        (await TagAsync(api, path)).ShouldBe(tag);
        (await api.SendAsync("POST", $"{path}/{call}", body, change: With("If-Match", tag))).Status.ShouldBe(200);
    }

    private static async Task<ApiUnderTest> WithDeskAsync()
    {
        ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.RunningAsync("desk");
        return api;
    }

    private static async Task<string> TagAsync(ApiUnderTest api, string path) => (await api.GetAsync(path)).Headers["ETag"];

    private static Action<HttpRequestMessage> With(string header, string value) => request => request.Headers.TryAddWithoutValidation(header, value);
}
