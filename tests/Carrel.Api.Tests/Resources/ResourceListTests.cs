using System.Text.Json.Nodes;
using Carrel.Api.Tests.Support;

namespace Carrel.Api.Tests.Resources;

/// <summary>The generic lists and calls (wire 6).</summary>
public sealed class ResourceListTests
{
    private const string All = ApiUnderTest.Subscription + "/resources";

    [Fact]
    public async Task The_lists_hold_workspaces_and_computes_in_the_shape_of_generic_resources()
    {
        await using ApiUnderTest api = await StartAsync();
        Names(await api.GetAsync(All)).ShouldBe(["attic", "lab", "lab/chair", "lab/desk"]);
        Names(await api.GetAsync(ApiUnderTest.Subscription + "/resourceGroups/TEAM/resources")).ShouldBe(["lab", "lab/chair", "lab/desk"]);
        // What the Azure CLI sends for `az resource list -g team`.
        Answer listed = await api.GetAsync(All + "?$filter=resourceGroup eq 'Team'&$expand=createdTime,changedTime,provisioningState");
        Names(listed).ShouldBe(["lab", "lab/chair", "lab/desk"]);
        JsonNode desk = listed.Body["value"]![2]!;
        desk["id"]!.GetValue<string>().ShouldBe(ApiUnderTest.Compute("desk"));
        desk["type"]!.GetValue<string>().ShouldBe("Microsoft.MachineLearningServices/workspaces/computes");
        desk["location"]!.GetValue<string>().ShouldBe("local");
        desk["tags"]!["team"]!.GetValue<string>().ShouldBe("blue");
        desk["createdTime"]!.GetValue<string>().ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$");
        desk["provisioningState"].ShouldNotBeNull();
        desk["properties"].ShouldBeNull();
        (await api.GetAsync(All)).Body["value"]![0]!["createdTime"].ShouldBeNull("only when asked");
        (await api.GetAsync(ApiUnderTest.Subscription + "/resourceGroups/none/resources")).Code.ShouldBe("ResourceGroupNotFound");
    }

    [Theory]
    [InlineData("resourceType eq 'microsoft.machinelearningservices/workspaces'", "attic lab")]
    [InlineData("resourceType ne 'Microsoft.MachineLearningServices/workspaces'", "lab/chair lab/desk")]
    [InlineData("name eq 'desk'", "lab/desk")]
    [InlineData("name eq 'lab/DESK'", "lab/desk")]
    [InlineData("name ne 'desk'", "attic lab lab/chair")]
    [InlineData("resourceGroup eq 'team' and name eq 'lab'", "lab")]
    [InlineData("resourceGroup eq 'te'", "")]
    [InlineData("resourceGroup eq 'team' and resourceGroup eq 'house'", "")]
    [InlineData("substringof('ha', name)", "lab/chair")]
    [InlineData("substringof('a', resourceGroup) and startswith(name, 'lab')", "lab lab/chair lab/desk")]
    [InlineData("tagName eq 'TEAM' and tagValue eq 'blue'", "lab/desk")]
    [InlineData("tagName eq 'team'", "lab/chair lab/desk")]
    [InlineData("tagName eq 'other' and tagValue eq 'blue'", "")]
    [InlineData("location eq 'eastus'", "attic")]
    [InlineData("name eq 'it''s'", "")]
    public async Task Filters_as_the_clients_send_them(string filter, string names)
    {
        await using ApiUnderTest api = await StartAsync();
        Names(await api.GetAsync($"{All}?$filter={Uri.EscapeDataString(filter)}")).ShouldBe(names.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("name")]
    [InlineData("name eq")]
    [InlineData("name like 'x'")]
    [InlineData("name eq 'x' or name eq 'y'")]
    [InlineData("name eq 'x' and")]
    [InlineData("name eq 'x")]
    [InlineData("color eq 'x'")]
    [InlineData("substringof('x' name)")]
    [InlineData("substringof(")]
    [InlineData("(name eq 'x')")]
    [InlineData("'name' eq 'x'")]
    [InlineData("name eq ,")]
    [InlineData("\u0000 eq \ud83d\ude00")]
    public async Task A_bad_filter_is_400_and_says_what_to_send(string filter)
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        foreach (string list in new[] { All, ApiUnderTest.Subscription + "/resourceGroups" })
        {
            Answer answer = await api.GetAsync($"{list}?$filter={Uri.EscapeDataString(filter)}");
            (answer.Status, answer.Code, answer.Target).ShouldBe((400, "InvalidFilter", "$filter"));
        }
    }

    [Fact]
    public async Task Two_kinds_are_paged_as_one_list()
    {
        await using ApiUnderTest api = await StartAsync(pageSize: 1);
        var names = new List<string>();
        for (string? next = All + "?$expand=createdTime"; next is not null;)
        {
            Answer page = await api.GetAsync(next);
            names.Add(Names(page).ShouldHaveSingleItem());
            page.Body["value"]![0]!["createdTime"].ShouldNotBeNull("the link repeats the query");
            next = page.Body["nextLink"] is { } link ? ApiUnderTest.Local(link.GetValue<string>()) : null;
        }

        names.ShouldBe(["attic", "lab", "lab/chair", "lab/desk"]);
    }

    [Fact]
    public async Task Registering_the_provider_succeeds_and_its_types_are_there_for_az_resource_show()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        const string provider = ApiUnderTest.Subscription + "/providers/Microsoft.MachineLearningServices";
        Answer registered = await api.PostAsync(provider + "/register");
        (registered.Status, registered.Body["registrationState"]!.GetValue<string>()).ShouldBe((200, "Registered"));
        api.Roles.Asked.ShouldContain(("Microsoft.MachineLearningServices/register/action", ApiUnderTest.Subscription));
        (await api.PostAsync(ApiUnderTest.Subscription + "/providers/Microsoft.Storage/register")).Code.ShouldBe("InvalidResourceNamespace");
        JsonArray types = (await api.GetAsync(ApiUnderTest.Subscription + "/providers")).Body["value"]![0]!["resourceTypes"]!.AsArray();
        foreach (JsonNode? type in types)
        {
            // The Azure CLI takes the first one that is no preview.
            string[] versions = [.. type!["apiVersions"]!.AsArray().Select(version => version!.GetValue<string>())];
            versions[0].ShouldNotContain("preview");
            versions.Select(version => version[..10]).ShouldBeInOrder(SortDirection.Descending);
        }
    }

    private static async Task<ApiUnderTest> StartAsync(int pageSize = 1000)
    {
        ApiUnderTest api = await ApiUnderTest.StartAsync(pageSize: pageSize);
        (await api.PutAsync(ApiUnderTest.Subscription + "/resourceGroups/house", """{"location":"eastus"}""")).Status.ShouldBe(201);
        (await api.PutAsync(ApiUnderTest.Subscription + "/resourceGroups/house/providers/Microsoft.MachineLearningServices/workspaces/attic", "{}")).Status.ShouldBe(201);
        (await api.PutAsync(ApiUnderTest.Compute("desk"), ApiUnderTest.InstanceBody(top: "\"tags\":{\"team\":\"blue\"},"))).Status.ShouldBe(201);
        (await api.PutAsync(ApiUnderTest.Compute("chair"), ApiUnderTest.InstanceBody(top: "\"tags\":{\"team\":\"red\",\"other\":\"x\"},"))).Status.ShouldBe(201);
        return api;
    }

    private static string[] Names(Answer answer)
    {
        answer.Status.ShouldBe(200, answer.Text);
        return [.. answer.Body["value"]!.AsArray().Select(row => row!["name"]!.GetValue<string>())];
    }
}
