using System.Text.Json.Nodes;
using Carrel.Cli.Errors;
using Shouldly;
using Xunit;

namespace Carrel.Cli.Tests.Commands;

public sealed class ComputeVerbTests : IDisposable
{
    private const string Computes = $"{Cli.Workspace}/computes";
    private readonly Cli _cli = new();

    private void List() => _cli.Server
        .On($"GET {Computes}", 200, $$"""{"value":[{{Cli.Compute("ci1")}}],"nextLink":"https://carrel.test:8443{{Computes}}2?api-version=2025-12-01&skip=1"} """)
        .On($"GET {Computes}2", 200, """{"value":[{"name":"k8s","location":"eastus","properties":{"computeType":"AKS","provisioningState":"Succeeded"} } ]}""");

    [Theory]
    [InlineData("json")]
    [InlineData("table")]
    [InlineData("yaml")]
    [InlineData("tsv")]
    public async Task List_shows_all_pages_in_every_form(string format)
    {
        List();
        (await _cli.RunAsync("compute", "list", "-o", format)).ShouldBe(ExitCode.Ok, _cli.Error);
        GoldenFile.ShouldMatch($"compute-list.{format}", _cli.Out);
    }

    [Fact]
    public async Task List_filters_by_type()
    {
        List();
        (await _cli.RunAsync("compute", "list", "--type", "Compute_Instance")).ShouldBe(ExitCode.Ok, _cli.Error);
        JsonNode.Parse(_cli.Out)!.AsArray().ShouldHaveSingleItem()!["name"]!.ToString().ShouldBe("ci1");
    }

    [Theory]
    [InlineData("json")]
    [InlineData("yaml")]
    public async Task Show_prints_a_full_instance(string format)
    {
        _cli.Server.On($"GET {Computes}/ci1", 200, Cli.Compute("ci1", innerExtra: """
            ,"idleTimeBeforeShutdown":"PT30M","sshSettings":{"sshPublicAccess":"Enabled","adminUserName":"azureuser","sshPort":50000},
            "connectivityEndpoints":{"publicIpAddress":"10.0.0.1","privateIpAddress":"10.0.0.2"},"subnet":{"id":"/s"},
            "lastOperation":{"operationName":"Start","operationTime":"2026-11-21T08:00:00Z","operationStatus":"Succeeded","operationTrigger":"User"},
            "applications":[{"displayName":"Jupyter Lab","endpointUri":"https://ci1.eastus.instances.localhost:8443/lab"}],
            "personalComputeInstanceSettings":{"assignedUser":{"objectId":"o","tenantId":"t"}},
            "schedules":{"computeStartStop":[{"id":"i","provisioningStatus":"Completed","status":"Enabled","action":"Stop","triggerType":"Cron","cron":{"startTime":"2021-03-10T21:21:07","timeZone":"UTC","triggerType":"Cron","expression":"0 18 * * *"}}]},
            "setupScripts":{"scripts":{"creationScript":{"scriptSource":"workspaceStorage","scriptData":"a.sh","timeout":"20m"}}},
            "customServices":[{"type":"docker","name":"r","image":{"type":"docker","reference":"i"},"environmentVariables":{"A":{"type":"local","value":"b"}},"endpoints":[{"name":"connect","target":1,"published":2}]}],
            "enableNodePublicIp":true,"enableSSO":true,"enableRootAccess":true,"releaseQuotaOnStop":false,"enableOSPatching":false,
            "osImageMetadata":{"currentImageVersion":"26.11.01","latestImageVersion":"26.11.01","isLatestOsImageVersion":true}
            """, outerExtra: ""","description":"d","provisioningErrors":[{"error":{"code":"C1"}},{"error":{"code":"C2"}}]"""));
        (await _cli.RunAsync("compute", "show", "-n", "ci1", "-o", format)).ShouldBe(ExitCode.Ok, _cli.Error);
        GoldenFile.ShouldMatch($"compute-show.{format}", _cli.Out);
    }

    [Fact]
    public async Task Showing_what_is_not_there_has_its_own_exit_code()
    {
        _cli.Server.On($"GET {Computes}/no", 404, """{"error":{"code":"ResourceNotFound","message":"There is no compute 'no'.","target":null,"details":[]}}""");
        (await _cli.RunAsync("compute", "show", "-n", "no")).ShouldBe(ExitCode.NotFound);
        _cli.Error.ShouldBe("Error: (ResourceNotFound) There is no compute 'no'.\n");
        _cli.Out.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("start")]
    [InlineData("stop")]
    [InlineData("restart")]
    public async Task An_action_posts_waits_and_prints_the_end_state(string verb)
    {
        _cli.Server.On($"POST {Computes}/ci1/{verb}", 202, "", ("Location", $"https://carrel.test:8443/result"))
            .On("GET /result", 202, "", ("Retry-After", "2")).On("GET /result", 204).On($"GET {Computes}/ci1", 200, Cli.Compute("ci1"));
        (await _cli.RunAsync("compute", verb, "-n", "ci1")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Server.To("POST").ShouldHaveSingleItem().Body.ShouldBeEmpty();
        _cli.Clock.Waits.ShouldBe([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)]);
        JsonNode.Parse(_cli.Out)!["name"]!.ToString().ShouldBe("ci1");
    }

    [Fact]
    public async Task Delete_without_anybody_to_ask_wants_yes()
    {
        (await _cli.RunAsync("compute", "delete", "-n", "ci1")).ShouldBe(ExitCode.Usage);
        _cli.Server.Seen.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("n", ExitCode.Refused, 0)]
    [InlineData("y", ExitCode.Ok, 1)]
    public async Task Delete_asks_a_person_first(string answer, int code, int deletes)
    {
        _cli.Terminal = true;
        _cli.Input = answer + "\n";
        _cli.Server.On($"DELETE {Computes}/ci1", 202, "", ("Location", "https://carrel.test:8443/result")).On("GET /result", 204);
        (await _cli.RunAsync("compute", "delete", "-n", "ci1")).ShouldBe(code);
        _cli.Server.To("DELETE").Count().ShouldBe(deletes);
    }

    [Fact]
    public async Task Delete_of_nothing_says_so()
    {
        _cli.Server.On($"DELETE {Computes}/ci1", 204);
        (await _cli.RunAsync("compute", "delete", "-n", "ci1", "-y")).ShouldBe(ExitCode.Ok);
        _cli.Error.ShouldContain("nothing was deleted");
    }

    [Fact]
    public async Task A_busy_server_is_asked_four_times_in_all()
    {
        _cli.Server.On($"GET {Computes}", 503, "", ("Retry-After", "1.5"));
        (await _cli.RunAsync("compute", "list")).ShouldBe(ExitCode.Refused);
        _cli.Server.To("GET").Count().ShouldBe(4);
        _cli.Clock.Waits.ShouldBe(Enumerable.Repeat(TimeSpan.FromSeconds(1.5), 3));
    }

    [Fact]
    public async Task A_server_that_recovers_is_no_failure()
    {
        _cli.Server.On($"GET {Computes}", 429).On($"GET {Computes}", 200, """{"value":[]}""");
        (await _cli.RunAsync("compute", "list")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Out.ShouldBe("[]\n");
    }

    [Fact]
    public async Task Sizes_are_filtered_by_type()
    {
        _cli.Server.On($"GET {Cli.Locations}/eastus/vmSizes", 200, """
            {"value":[{"name":"A","family":"f","vCPUs":2,"memoryGB":7,"gpus":0,"supportedComputeTypes":["AmlCompute"]},
                      {"name":"B","family":"f","vCPUs":4,"memoryGB":14,"gpus":0,"supportedComputeTypes":["AmlCompute","ComputeInstance"]}]}
            """);
        (await _cli.RunAsync("compute", "list-sizes", "--type", "computeinstance", "-o", "table")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Out.ShouldBe("NAME  VCPUS  MEMORY GB  GPUS  FAMILY  FOR\n----  -----  ---------  ----  ------  ---------------------------\nB     4      14         0     f       AmlCompute, ComputeInstance\n");
    }

    [Fact]
    public async Task Usage_is_listed_at_the_environments_location()
    {
        _cli.Environment["CARREL_LOCATION"] = "west";
        _cli.Server.On($"GET {Cli.Locations}/west/usages", 200, """{"value":[{"id":"i","type":"t","unit":"Count","currentValue":7,"limit":100,"name":{"value":"Clusters","localizedValue":"Clusters"}}]}""");
        (await _cli.RunAsync("compute", "list-usage", "-o", "tsv")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Out.ShouldBe("i\t\tt\tCount\t7\t100\tNone\n");
    }

    [Fact]
    public async Task Rows_of_the_same_family_say_whose_share_they_are()
    {
        static string Row(string id) => $$$"""{"id":"{{{id}}}/usages/F","type":"t","unit":"Count","currentValue":7,"limit":100,"name":{"value":"F","localizedValue":"Family"} }""";
        const string workspace = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/lab";
        _cli.Server.On($"GET {Cli.Locations}/eastus/usages", 200, $$"""{"value":[{{Row("/subscriptions/s")}},{{Row(workspace)}},{{Row(workspace + "/computes/desk")}}]}""");
        (await _cli.RunAsync("compute", "list-usage", "-o", "table")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Out.Split('\n').Skip(2).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(words => words.Length > 0)
            .Select(words => string.Join(' ', words)).ShouldBe(["Family 7 100 Count", "Family 7 100 Count lab", "Family 7 100 Count desk"]);
    }

    [Theory]
    [InlineData("list-sizes", "vmSizes", """{"value":[{"name":"A","family":"f","vCPUs":2,"memoryGB":7,"gpus":0,"osVhdSizeMB":1,"maxResourceVolumeMB":2,"lowPriorityCapable":true,"premiumIO":false,"supportedComputeTypes":["ComputeInstance"]}]}""")]
    [InlineData("list-usage", "usages", """{"value":[{"id":"i","type":"t","unit":"Count","currentValue":7,"limit":100,"name":{"value":"Clusters","localizedValue":"Clusters"}}]}""")]
    public async Task Lists_of_a_location_are_printed_as_reviewed(string verb, string route, string answer)
    {
        _cli.Server.On($"GET {Cli.Locations}/eastus/{route}", 200, answer);
        (await _cli.RunAsync("compute", verb)).ShouldBe(ExitCode.Ok, _cli.Error);
        GoldenFile.ShouldMatch($"compute-{verb}.json", _cli.Out);
    }

    [Fact]
    public async Task The_name_may_be_the_first_word()
    {
        _cli.Server.On($"GET {Computes}/ci1", 200, Cli.Compute("ci1"));
        (await _cli.RunAsync("compute", "show", "ci1", "-n", "ci1")).ShouldBe(ExitCode.Ok, _cli.Error);
    }

    [Fact]
    public async Task A_missing_name_is_asked_for_with_the_line_to_type()
    {
        (await _cli.RunAsync("compute", "stop")).ShouldBe(ExitCode.Usage);
        _cli.Error.ShouldContain("Which instance? Give its name: carrel compute stop NAME.");
    }

    [Fact]
    public async Task A_name_cannot_climb_out_of_its_path()
    {
        (await _cli.RunAsync("compute", "show", "-n", "..")).ShouldBe(ExitCode.Usage);
        _cli.Server.To("GET").ShouldBeEmpty();
    }

    public void Dispose() => _cli.Dispose();
}
