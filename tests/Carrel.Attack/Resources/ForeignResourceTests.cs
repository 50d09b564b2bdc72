using System.Text.Json.Nodes;

namespace Carrel.Attack.Resources;

/// <summary>Ids of things that are somebody else's, and roles that one does not have.</summary>
public sealed class ForeignResourceTests(Target target)
{
    private string Subscription => "/subscriptions/" + target.Carrel.Client["CARREL_SUBSCRIPTION"];

    [Fact(DisplayName = "A53 Another subscription's or group's path to a resource that exists here")]
    public async Task Another_path_to_the_same()
    {
        string bob = await target.Bob.TokenAsync();
        foreach (string path in (string[])
        [
            target.AnnsDesk.Replace(target.Carrel.Client["CARREL_SUBSCRIPTION"], Guid.NewGuid().ToString(), StringComparison.Ordinal),
            target.AnnsDesk.Replace($"resourceGroups/{target.Carrel.Client["CARREL_GROUP"]}", "resourceGroups/other", StringComparison.Ordinal),
            target.AnnsDesk.Replace("/computes/", "/computes//", StringComparison.Ordinal),
        ])
        {
            foreach (string call in (string[])["", "/stop"])
            {
                ArmAnswer answer = await target.AskAsync(bob, call.Length == 0 ? HttpMethod.Get : HttpMethod.Post, path + call);
                ((int)answer.Status).ShouldBeOneOf([400, 403, 404], path + call);
            }
        }
    }

    [Fact(DisplayName = "A54 The status of somebody else's operation, by its id and under other paths")]
    public async Task A_foreign_operation()
    {
        Person stranger = await target.AddPersonAsync("stranger");
        ArmAnswer start = await target.Administrator.SendAsync(HttpMethod.Post, target.AnnsDesk + "/start");
        var status = new Uri(start.Message.Headers.GetValues("Azure-AsyncOperation").Single());
        string path = status.AbsolutePath;
        ((int)(await target.AskAsync(target.Administrator.Token, HttpMethod.Get, path)).Status).ShouldBe(200);
        string token = await stranger.TokenAsync();
        foreach (string attempt in (string[])
        [
            path, path.Replace("computeOperationsStatus", "computeOperationResults", StringComparison.Ordinal), path.Replace("computeOperationsStatus", "workspaceOperationsStatus", StringComparison.Ordinal),
            path.Replace("/locations/local/", "/locations/elsewhere/", StringComparison.Ordinal), path.Replace(target.Carrel.Client["CARREL_SUBSCRIPTION"], Guid.NewGuid().ToString(), StringComparison.Ordinal),
        ])
            ((int)(await target.AskAsync(token, HttpMethod.Get, attempt)).Status).ShouldBeOneOf([403, 404], attempt);
    }

    [Fact(DisplayName = "A55 Everything of a workspace, by somebody without a role")]
    public async Task Without_a_role()
    {
        Person outsider = await target.AddPersonAsync("outsider");
        string token = await outsider.TokenAsync();
        foreach ((string method, string path) in (IEnumerable<(string, string)>)
        [
            ("GET", target.Carrel.Workspace), ("GET", target.Carrel.Workspace + "/computes"), ("GET", target.AnnsDesk), ("DELETE", target.AnnsDesk), ("POST", target.AnnsDesk + "/stop"),
            ("POST", target.AnnsDesk + "/listNodes"), ("POST", target.AnnsDesk + "/updateSshKey"), ("GET", Subscription + "/resourcegroups"), ("GET", Subscription + "/resources"),
            ("GET", target.Carrel.Workspace + "/computes/absent"), ("DELETE", target.Carrel.Workspace + "/computes/absent"),
        ])
        {
            ArmAnswer answer = await target.AskAsync(token, new HttpMethod(method), path, method == "POST" ? "{}" : null);
            ((int)answer.Status).ShouldBe(403, $"{method} {path}: {answer.Body?.ToJsonString()}");
        }
    }

    [Fact(DisplayName = "A66 The activity log, by somebody without a role")]
    public async Task The_activity_log_without_a_role()
    {
        Person outsider = await target.AddPersonAsync("reader-of-logs");
        string log = $"{Subscription}/providers/microsoft.insights/eventtypes/management/values?$filter={Uri.EscapeDataString($"eventTimestamp ge '{DateTime.UtcNow.AddHours(-1):O}'")}";
        (await target.AskAsync(target.Administrator.Token, HttpMethod.Get, log)).Body!["value"]!.AsArray().ShouldNotBeEmpty();
        ArmAnswer seen = await target.AskAsync(await outsider.TokenAsync(), HttpMethod.Get, log);
        seen.Body!["value"]!.AsArray().ShouldBeEmpty();
    }

    [Fact(DisplayName = "A56 A Data Scientist who gives himself a role, or makes one")]
    public async Task Giving_oneself_a_role()
    {
        string bob = await target.Bob.TokenAsync();
        foreach (string scope in (string[])[target.Carrel.Workspace, target.BobsDesk, Subscription, ""])
        {
            ArmAnswer assignment = await target.AskAsync(bob, HttpMethod.Put, $"{scope}/providers/Microsoft.Authorization/roleAssignments/{Guid.NewGuid()}", new JsonObject
            {
                ["properties"] = new JsonObject
                {
                    ["roleDefinitionId"] = Subscription + "/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
                    ["principalId"] = target.Bob.ObjectId.ToString(),
                    ["principalType"] = "User",
                },
            }.ToJsonString());
            ((int)assignment.Status).ShouldBe(403, scope);
            ArmAnswer definition = await target.AskAsync(bob, HttpMethod.Put, $"{scope}/providers/Microsoft.Authorization/roleDefinitions/{Guid.NewGuid()}", new JsonObject
            {
                ["properties"] = new JsonObject
                {
                    ["roleName"] = "mine", ["permissions"] = new JsonArray(new JsonObject { ["actions"] = new JsonArray("*") }), ["assignableScopes"] = new JsonArray(Subscription),
                },
            }.ToJsonString());
            ((int)definition.Status).ShouldBe(403, scope);
        }
    }

    [Fact(DisplayName = "A57 Members of a body that only the server writes: owner, creator, state")]
    public async Task Members_that_the_server_writes()
    {
        string path = target.Carrel.Workspace + "/computes/overposted";
        JsonObject body = JsonNode.Parse(ArmClient.InstanceBody("STANDARD_DS1_V2"))!.AsObject();
        body["id"] = "/evil";
        body["owner"] = target.Bob.ObjectId.ToString();
        body["systemData"] = new JsonObject { ["createdBy"] = "bob@carrel.local" };
        JsonNode inner = body["properties"]!["properties"]!;
        inner["createdBy"] = new JsonObject { ["userId"] = target.Bob.ObjectId.ToString() };
        inner["state"] = "Running";
        inner["owner"] = target.Bob.ObjectId.ToString();
        inner["applications"] = new JsonArray(new JsonObject { ["displayName"] = "x", ["endpointUri"] = "https://evil.example" });
        await target.Administrator.WaitAsync(await target.Administrator.SendAsync(HttpMethod.Put, path, body.ToJsonString()));
        try
        {
            string made = (await target.Administrator.SendAsync(HttpMethod.Get, path)).Body!.ToJsonString();
            made.ShouldNotContain("evil");
            made.ShouldNotContain(target.Bob.ObjectId.ToString());
            using HttpClient http = target.Carrel.CreateClient(await target.Bob.TokenAsync());
            ((int)(await http.GetAsync(new Uri(target.Origin("overposted"), "/api/status"))).StatusCode).ShouldBe(403);
        }
        finally
        {
            await target.Administrator.WaitAsync(await target.Administrator.SendAsync(HttpMethod.Delete, path));
        }
    }

    [Fact(DisplayName = "A58 Ann's instance re-assigned, or its key changed, by somebody who may write it")]
    public async Task Re_assigning_an_instance()
    {
        JsonNode body = (await target.Administrator.SendAsync(HttpMethod.Get, target.AnnsDesk)).Body!;
        body["properties"]!["properties"]!["personalComputeInstanceSettings"]!["assignedUser"]!["objectId"] = target.Bob.ObjectId.ToString();
        ArmAnswer changed = await target.Administrator.SendAsync(HttpMethod.Put, target.AnnsDesk, body.ToJsonString());
        ((int)changed.Status).ShouldBe(409);
        ArmAnswer key = await target.Administrator.SendAsync(HttpMethod.Post, target.AnnsDesk + "/updateSshKey", "{\"adminPublicKey\":\"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl a\"}");
        ((int)key.Status).ShouldBeOneOf(403, 409);
        ArmAnswer sso = await target.Administrator.SendAsync(HttpMethod.Post, target.AnnsDesk + "/enableSso", "{\"enableSSO\":true}");
        ((int)sso.Status).ShouldBe(403);
    }
}
