using System.Net;
using System.Net.Sockets;
using System.Text;
using Carrel.Api.Tests.Support;
using Carrel.Arm.Pipeline;

namespace Carrel.Api.Tests.Pipeline;

/// <summary>What every request goes through before it reaches a resource.</summary>
public sealed class PipelineTests
{
    [Fact]
    public async Task Checks_come_in_the_order_of_the_contract()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        string orphan = ApiUnderTest.Workspaces + "/nowhere/computes/9bad";
        const string broken = "{";
        Answer version = await api.SendAsync("PUT", orphan + "?api-version=", broken, who: "");
        (version.Status, version.Code, version.Target).ShouldBe((400, "MissingApiVersionParameter", "api-version"));
        (await api.SendAsync("PUT", orphan + "?api-version=latest", broken, who: "")).Code.ShouldBe("InvalidApiVersionParameter");
        Answer anonymous = await api.SendAsync("PUT", orphan, broken, who: "");
        (anonymous.Status, anonymous.Code).ShouldBe((401, "AuthenticationFailed"));
        Answer denied = await api.SendAsync("PUT", orphan, broken, who: "bob");
        (denied.Status, denied.Code).ShouldBe((403, "AuthorizationFailed"));
        denied.Message.ShouldContain("Microsoft.MachineLearningServices/workspaces/computes/write");
        Answer parent = await api.PutAsync(orphan, broken);
        (parent.Status, parent.Code).ShouldBe((404, "ParentResourceNotFound"));
        Answer body = await api.PutAsync(ApiUnderTest.Compute("9bad"), broken);
        (body.Status, body.Code).ShouldBe((400, "InvalidRequestContent"));
        (await api.PutAsync(ApiUnderTest.Compute("9bad"), """{"properties":7}""")).Code.ShouldBe("InvalidRequestBody");
        (await api.PutAsync(ApiUnderTest.Compute("9bad"), ApiUnderTest.InstanceBody("NO_SUCH_SIZE"))).Code.ShouldBe("InvalidComputeName");
        (await api.PutAsync(ApiUnderTest.Compute("desk"), ApiUnderTest.InstanceBody("NO_SUCH_SIZE"))).Code.ShouldBe("InvalidVmSize");
        (await api.PutAsync(ApiUnderTest.Compute("desk"), ApiUnderTest.InstanceBody("Standard_NC6s_v3"))).Code.ShouldBe("ClusterCoreQuotaReached");
    }

    [Fact]
    public async Task An_id_behind_the_slash_of_a_template_is_read_as_the_id()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        Answer got = await api.GetAsync($"{api.Address.GetLeftPart(UriPartial.Authority)}/{ApiUnderTest.Lab}");
        (got.Status, got.Body["id"]!.GetValue<string>()).ShouldBe((200, ApiUnderTest.Lab));
        (await api.GetAsync($"{api.Address.GetLeftPart(UriPartial.Authority)}/{ApiUnderTest.Lab}", who: "bob")).Code.ShouldBe("AuthorizationFailed");
        (await api.GetAsync($"{api.Address.GetLeftPart(UriPartial.Authority)}//{ApiUnderTest.Lab}")).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("2024-10-01", 200)]
    [InlineData("2023-08-01-preview", 200)]
    [InlineData("1999-01-01", 200)]
    [InlineData("2024-10-01-", 400)]
    [InlineData("2024-10-01%0A", 400)]
    [InlineData("%D9%A2024-10-01", 400)]
    [InlineData("2024-10-01&api-version=2024-10-01", 400)]
    public async Task Any_dated_version_is_good_and_nothing_else(string version, int status)
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync(lab: false);
        (await api.GetAsync("/subscriptions?api-version=" + version)).Status.ShouldBe(status);
    }

    [Fact]
    public async Task A_401_carries_the_challenge_without_claims_and_the_envelope()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync(lab: false);
        Answer answer = await api.GetAsync("/subscriptions", who: "");
        answer.Status.ShouldBe(401);
        answer.Headers["WWW-Authenticate"].ShouldBe(new Names().Challenge);
        answer.Headers["Content-Type"].ShouldStartWith("application/json");
        answer.Body["error"]!.AsObject().Select(member => member.Key).ShouldBe(["code", "message", "target", "details"]);
        answer.Body["error"]!["details"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Paths_compare_ignoring_case_and_answers_keep_the_stored_spelling()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.RunningAsync("Desk");
        Answer answer = await api.GetAsync(ApiUnderTest.Compute("dESK").Replace("resourceGroups/team", "resourcegroups/TEAM").Replace("Microsoft.MachineLearningServices", "microsoft.machinelearningservices").Replace("computes", "COMPUTES"));
        answer.Status.ShouldBe(200);
        answer.Body["id"]!.GetValue<string>().ShouldBe(ApiUnderTest.Compute("Desk"));
        answer.Body["name"]!.GetValue<string>().ShouldBe("Desk");
    }

    [Fact]
    public async Task A_method_that_is_not_supported_is_405_and_an_unknown_path_404_for_callers_we_know()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        Answer method = await api.PostAsync(ApiUnderTest.Compute("desk"));
        (method.Status, method.Code).ShouldBe((405, "MethodNotAllowed"));
        method.Headers["Allow"].ShouldBe("DELETE, GET, HEAD, PATCH, PUT");
        foreach (string path in new[] { ApiUnderTest.Lab + "/nothings", "/providers/Microsoft.Authorization/policyDefinitions/x", "/subscriptions/a/b/c/d/e/f" })
        {
            Answer unknown = await api.GetAsync(path);
            (unknown.Status, unknown.Code).ShouldBe((404, "InvalidResourceType"), path);
            (await api.GetAsync(path, who: "")).Status.ShouldBe(401);
        }
    }

    [Fact]
    public async Task A_body_over_4_MB_is_413_whether_its_length_is_told_or_not()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        string large = "{\"x\":\"" + new string('a', 4 * 1024 * 1024) + "\"}";
        foreach (bool chunked in new[] { false, true })
        {
            Answer answer = await api.SendAsync("PUT", ApiUnderTest.Compute("desk"), large, change: request => request.Headers.TransferEncodingChunked = chunked);
            (answer.Status, answer.Code, answer.Target).ShouldBe((413, "RequestBodyTooLarge", "body"));
        }

        string fits = "{" + string.Join(',', Enumerable.Range(0, 31).Select(number => $"\"x{number}\":\"{new string('a', 128 * 1024)}\"")) + "}";
        (await api.PutAsync(ApiUnderTest.Compute("desk"), fits)).Target.ShouldBe("properties.computeType", "its length is no reason to refuse it");
    }

    [Fact]
    public async Task A_text_that_no_resource_needs_is_refused_by_the_name_of_its_member()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        Answer answer = await api.PutAsync(ApiUnderTest.Compute("desk"), $"{{\"properties\":{{\"description\":\"{new string('a', 128 * 1024 + 1)}\"}}}}");
        (answer.Status, answer.Code, answer.Target).ShouldBe((400, "InvalidRequestContent", "description"));
        answer.Message.ShouldContain("131072 characters");
    }

    [Theory]
    [InlineData(51, "k", 1, "tags")]
    [InlineData(1, "", 1, "tags")]
    [InlineData(1, "k", 257, "tags.k0")]
    public async Task More_and_longer_tags_than_Azure_has_are_refused_on_every_resource(int count, string name, int length, string target)
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        string tags = string.Join(',', Enumerable.Range(0, count).Select(number => $"\"{(name.Length == 0 ? "" : name + number)}\":\"{new string('v', length)}\""));
        foreach (string path in new[] { ApiUnderTest.Compute("desk"), ApiUnderTest.Workspaces + "/other", "/subscriptions/s/resourceGroups/other" })
        {
            string body = path.EndsWith("desk", StringComparison.Ordinal) ? ApiUnderTest.InstanceBody(top: $"\"tags\":{{{tags}}},") : $"{{\"location\":\"local\",\"tags\":{{{tags}}}}}";
            Answer answer = await api.PutAsync(path, body);
            (answer.Status, answer.Code, answer.Target).ShouldBe((400, "InvalidRequestBody", target), path + answer.Text);
            (await api.GetAsync(path)).Status.ShouldBe(404);
        }
    }

    [Fact]
    public async Task A_body_of_very_many_values_is_refused_before_anybody_counts_its_faults()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        string services = string.Join(',', Enumerable.Repeat("{}", 1_300_000));
        Answer many = await api.PutAsync(ApiUnderTest.Compute("desk"), ApiUnderTest.InstanceBody(inner: $",\"customServices\":[{services}]"));
        (many.Status, many.Code, many.Target).ShouldBe((400, "InvalidRequestContent", "body"));
        many.Message.ShouldContain("10000 values");

        string tags = string.Join(',', Enumerable.Range(0, 9_000).Select(number => $"\"k{number}\":{number}"));
        Answer wrong = await api.PutAsync(ApiUnderTest.Compute("desk"), ApiUnderTest.InstanceBody(top: $"\"tags\":{{{tags}}},"));
        (wrong.Status, wrong.Code, wrong.Target).ShouldBe((400, "InvalidRequestBody", "tags.k0"));
        wrong.Body["error"]!["details"]!.AsArray().Count.ShouldBe(100, "nobody reads more");
        (await api.GetAsync(ApiUnderTest.Compute("desk"))).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("{\"properties\":{}} trailing")]
    [InlineData("{'properties':{}}")]
    [InlineData("{\"tags\":{\"a\":\"\\ud800\"}}")]
    [InlineData("{\"\\udc00\":1}")]
    public async Task A_body_that_is_no_readable_JSON_object_is_400_everywhere(string body)
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        foreach ((string method, string path) in new[]
        {
            ("PUT", ApiUnderTest.Subscription + "/resourceGroups/team"), ("PUT", ApiUnderTest.Lab), ("PATCH", ApiUnderTest.Lab),
            ("PUT", ApiUnderTest.Compute("desk")), ("PATCH", ApiUnderTest.Compute("desk")),
        })
        {
            Answer answer = await api.SendAsync(method, path, body);
            (answer.Status, answer.Code, answer.Target).ShouldBe((400, "InvalidRequestContent", "body"), $"{method} {path}: {answer.Text}");
        }
    }

    [Theory]
    [InlineData("/computes/..")]
    [InlineData("/computes/%2e%2e")]
    [InlineData("/computes/.%2E")]
    [InlineData("/computes/desk/%2e%2e/%2e%2e")]
    public async Task A_dot_segment_never_turns_a_call_on_a_compute_into_one_on_its_workspace(string path)
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        foreach (string method in new[] { "PUT", "DELETE" })
        {
            string target = new Uri(api.Http.BaseAddress!, "/").AbsoluteUri.TrimEnd('/') + ApiUnderTest.Lab + path + "?api-version=2024-10-01";
            Answer answer = await api.SendAsync(method, "/", "{}", change: request =>
                request.RequestUri = new Uri(target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
            (answer.Status, answer.Code, answer.Target).ShouldBe((400, "InvalidRequestUri", ApiUnderTest.Lab + path));
        }

        (await api.GetAsync(ApiUnderTest.Lab)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF_8_are_400()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        byte[] body = [.. "{\"location\":\"local\",\"tags\":{\"a\":\""u8, 0xC3, 0x28, .. "\"}}"u8];
        Answer answer = await api.SendAsync("PUT", ApiUnderTest.Lab, change: request => request.Content = new ByteArrayContent(body));
        (answer.Status, answer.Code).ShouldBe((400, "InvalidRequestContent"));
    }

    [Fact]
    public async Task Nesting_is_bounded_and_what_was_accepted_can_be_read_and_listed()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        string Nested(int depth) => "{\"location\":\"local\",\"properties\":{\"x\":" + new string('[', depth) + new string(']', depth) + "}}";
        (await api.PutAsync(ApiUnderTest.Lab, Nested(100_000))).Status.ShouldBe(400);
        (await api.PutAsync(ApiUnderTest.Lab, Nested(63))).Status.ShouldBe(400);
        (await api.PutAsync(ApiUnderTest.Lab, Nested(62))).Status.ShouldBe(200);
        (await api.GetAsync(ApiUnderTest.Lab)).Status.ShouldBe(200);
        (await api.GetAsync(ApiUnderTest.Workspaces)).Status.ShouldBe(200);
        (await api.SendAsync("PATCH", ApiUnderTest.Lab, """{"properties":{"description":"deep"}}""")).Status.ShouldBe(200);
        (await api.PutAsync(ApiUnderTest.Compute("desk"), ApiUnderTest.InstanceBody())).Status.ShouldBe(201);
    }

    [Fact]
    public async Task Request_ids_are_answered_and_a_client_request_id_is_echoed_unless_it_is_no_plain_text()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync(lab: false);
        Guid correlation = Guid.NewGuid();
        Answer answer = await api.SendAsync("GET", "/subscriptions", change: request =>
        {
            request.Headers.Add("x-ms-client-request-id", "my-request.7");
            request.Headers.Add("x-ms-correlation-request-id", correlation.ToString());
        });
        answer.Headers["x-ms-client-request-id"].ShouldBe("my-request.7");
        answer.Headers["x-ms-correlation-request-id"].ShouldBe(correlation.ToString());
        Guid.TryParse(answer.Headers["x-ms-request-id"], out _).ShouldBeTrue();
        Answer odd = await api.SendAsync("GET", "/subscriptions", change: request => request.Headers.Add("x-ms-client-request-id", new string('x', 129)));
        odd.Headers.ShouldNotContainKey("x-ms-client-request-id");
    }

    [Fact]
    public async Task Every_operation_names_its_action_except_lists_of_what_one_may_read_and_polls()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync(lab: false);
        ArmOperation[] all = [.. api.Operations];
        all.Length.ShouldBeGreaterThan(20);
        all.Where(operation => operation.Action is null).Select(operation => operation.Name).Distinct().Order().ShouldBe(
        [
            // Reviewed: each asks for roles itself, or shows nothing that needs one. A new one has to say why it is open, and to stand here.
            "AccessExplanation_Get",
            "ActivityLogs_List", "ComputeOperationResults_Get", "ComputeOperationsStatus_Get",
            "ResourceGroupOperationResults_Get", "ResourceGroupOperationStatuses_Get", "RoleDefinitions_Get", "RoleDefinitions_List", "Subscriptions_List", "Tenants_List",
            "WorkspaceOperationResults_Get", "WorkspaceOperationsStatus_Get",
        ]);
        all.Where(operation => operation.Action is null).ShouldAllBe(operation => operation.OpenBecause!.Length > 20);
        all.Where(operation => operation.Action is null && operation.Name.StartsWith("RoleDefinitions", StringComparison.Ordinal)).ShouldAllBe(operation => operation.Pattern.StartsWith("/providers/", StringComparison.Ordinal));
        all.Select(operation => (operation.Name, operation.Method, operation.Pattern)).ShouldBeUnique();
    }

    [Fact]
    public async Task Every_operation_with_an_action_is_refused_to_a_stranger()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        foreach (ArmOperation operation in api.Operations.Where(operation => operation.Action is not null))
        {
            string path = operation.Pattern.Replace("{subscriptionId}", Carrel.TestKit.Engines.EngineUnderTest.Subscription).Replace("{resourceGroupName}", "team")
                .Replace("{workspaceName}", "lab").Replace("{computeName}", "desk").Replace("{location}", "local");
            Answer answer = await api.SendAsync(operation.Method, path, who: "bob");
            answer.Status.ShouldBe(403, operation.Name);
            api.Roles.Asked[^1].Action.ShouldBe(operation.Action);
        }
    }

    [Fact]
    public async Task Generic_clients_find_the_resource_types_with_the_newest_stable_version_first()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync(lab: false);
        string subscription = "/subscriptions/" + Carrel.TestKit.Engines.EngineUnderTest.Subscription;
        Answer answer = await api.GetAsync(subscription + "/providers/microsoft.machinelearningservices");
        answer.Status.ShouldBe(200, answer.Text);
        answer.Text.ShouldContain("\"resourceType\":\"workspaces/computes\"");
        answer.Text.ShouldContain("\"apiVersions\":[\"2025-12-01\"");
        Answer unknown = await api.GetAsync(subscription + "/providers/Microsoft.Storage");
        (unknown.Status, unknown.Code).ShouldBe((404, "InvalidResourceNamespace"));
    }

    [Theory]
    [InlineData("GET", "/computes", "/lab")]
    [InlineData("GET", "/computes/desk", "/lab/computes/desk")]
    [InlineData("POST", "/computes/desk/start", "/lab/computes/desk")]
    [InlineData("DELETE", "/computes/desk", "/lab/computes/desk")]
    [InlineData("GET", "", "/lab")]
    public async Task The_action_is_authorised_at_the_resource_itself(string method, string path, string scope)
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.SendAsync(method, ApiUnderTest.Lab + path);
        api.Roles.Asked[^1].Scope.ShouldBe(ApiUnderTest.Workspaces + scope);
    }

    [Theory]
    [InlineData("GET /subscriptions/%zz?api-version=2024-10-01 HTTP/1.1\r\nHost: x\r\nAuthorization: Name ann\r\nConnection: close\r\n\r\n")]
    [InlineData("PUT /subscriptions/a/resourceGroups/b?api-version=2024-10-01 HTTP/1.1\r\nHost: x\r\nAuthorization: Name ann\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n")]
    [InlineData("PUT /subscriptions/a/resourceGroups/b?api-version=2024-10-01 HTTP/1.1\r\nHost: x\r\nAuthorization: Name ann\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}\r\n0\r\n\r\n")]
    [InlineData("FOO /subscriptions?api-version=2024-10-01 HTTP/1.1\r\nHost: x\r\nAuthorization: Name ann\r\nConnection: close\r\n\r\n")]
    public async Task Broken_HTTP_is_the_caller_s_error(string request)
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync(lab: false);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, api.Address.Port);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream);
        string status = (await reader.ReadLineAsync())!;
        status.ShouldStartWith("HTTP/1.1 4");
    }
}
