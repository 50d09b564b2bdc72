using System.Text.Json.Nodes;
using Carrel.Api.Tests.Support;
using Carrel.Store;
using Dapper;

namespace Carrel.Api.Tests.Lists;

/// <summary>nextLink, $top and continuation tokens (wire 1.10).</summary>
public sealed class PagingTests
{
    private const string Computes = ApiUnderTest.Lab + "/computes";

    [Fact(DisplayName = "1.T19 35 computes and a page size of 30 give 30 items and a nextLink that leads to 5")]
    public async Task Thirty_five_computes_come_on_two_pages()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync(pageSize: 30);
        for (int number = 0; number < 35; number++)
            (await api.PutAsync(ApiUnderTest.Compute($"desk{number}"), ApiUnderTest.InstanceBody())).Status.ShouldBe(201);
        Answer first = await api.GetAsync(Computes);
        Names(first).Length.ShouldBe(30);
        string next = ApiUnderTest.Local(first.Body["nextLink"]!.GetValue<string>());
        next.ShouldStartWith(Computes + "?api-version=2024-10-01&");
        Answer second = await api.GetAsync(next);
        Names(second).Length.ShouldBe(5);
        second.Body["nextLink"].ShouldBeNull();
        Names(first).Concat(Names(second)).Order().ShouldBe(Enumerable.Range(0, 35).Select(number => $"desk{number}").Order());
    }

    [Fact]
    public async Task The_caller_sets_the_page_size_up_to_the_servers_and_the_filter_is_repeated()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync(pageSize: 4);
        string groups = ApiUnderTest.Subscription + "/resourcegroups";
        foreach (int number in Enumerable.Range(0, 6))
            await api.PutAsync($"{groups}/group{number}", $$$"""{"location":"local","tags":{"kind":"{{{(number % 2 == 0 ? "even" : "odd & more")}}}"}}""");
        Names(await api.GetAsync(groups + "?$top=3")).ShouldBe(["group0", "group1", "group2"]);
        Names(await api.GetAsync(groups + "?$top=1000000000")).Length.ShouldBe(4);
        Answer odd = await api.GetAsync(groups + "?%24filter=tagName%20eq%20'KIND'%20and%20tagValue%20eq%20'odd%20%26%20more'&$top=2");
        Names(odd).ShouldBe(["group1", "group3"]);
        Answer rest = await api.GetAsync(ApiUnderTest.Local(odd.Body["nextLink"]!.GetValue<string>()));
        Names(rest).ShouldBe(["group5"]);
        rest.Body["nextLink"].ShouldBeNull();
    }

    [Fact]
    public async Task Rows_that_come_and_go_between_pages_are_neither_repeated_nor_make_others_be_skipped()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync(pageSize: 3);
        foreach (string name in new[] { "b1b", "d1d", "f1f", "h1h", "j1j", "l1l" })
            await api.PutAsync(ApiUnderTest.Workspaces + "/" + name, """{"location":"local"}""");
        Answer first = await api.GetAsync(ApiUnderTest.Workspaces);
        Names(first).ShouldBe(["b1b", "d1d", "f1f"]);
        await api.EndAsync(await api.DeleteAsync(ApiUnderTest.Workspaces + "/b1b"));
        await api.EndAsync(await api.DeleteAsync(ApiUnderTest.Workspaces + "/f1f"));
        await api.PutAsync(ApiUnderTest.Workspaces + "/a1a", """{"location":"local"}""");
        await api.PutAsync(ApiUnderTest.Workspaces + "/g1g", """{"location":"local"}""");
        Names(await api.GetAsync(ApiUnderTest.Local(first.Body["nextLink"]!.GetValue<string>()))).ShouldBe(["g1g", "h1h", "j1j"]);
    }

    [Fact]
    public async Task The_end_of_a_full_last_page_has_no_nextLink()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync(pageSize: 2);
        await api.PutAsync(ApiUnderTest.Compute("desk"), ApiUnderTest.InstanceBody());
        await api.PutAsync(ApiUnderTest.Compute("Chair"), ApiUnderTest.InstanceBody());
        Answer all = await api.GetAsync(Computes);
        Names(all).ShouldBe(["Chair", "desk"]);
        all.Body["nextLink"].ShouldBeNull();
        (await api.GetAsync(ApiUnderTest.Subscription + "/providers/Microsoft.MachineLearningServices/workspaces")).Body["nextLink"].ShouldBeNull();
    }

    [Fact]
    public async Task Instances_whose_rows_are_damaged_are_left_out_and_neither_end_a_list_early_nor_fail_it()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync(pageSize: 2);
        foreach (string name in new[] { "bad1", "bad2", "bad3", "desk1", "bad4", "desk2", "desk3" })
            (await api.PutAsync(ApiUnderTest.Compute(name), ApiUnderTest.InstanceBody())).Status.ShouldBe(201);
        await api.Get<IDatabase>().WriteAsync((connection, transaction) => connection.Execute("UPDATE instances SET model = '{' WHERE name LIKE 'bad%'", null, transaction));
        Answer first = await api.GetAsync(Computes);
        Names(first).ShouldBe(["desk1", "desk2"]);
        Answer rest = await api.GetAsync(ApiUnderTest.Local(first.Body["nextLink"]!.GetValue<string>()));
        Names(rest).ShouldBe(["desk3"]);
        rest.Body["nextLink"].ShouldBeNull();
        // They still hold their cores.
        Answer usages = await api.GetAsync(ApiUnderTest.Subscription + "/providers/Microsoft.MachineLearningServices/locations/local/usages");
        usages.Body["value"]!.AsArray().Single(row => row!["name"]!["value"]!.GetValue<string>() == "Clusters")!["currentValue"]!.GetValue<int>().ShouldBe(7);
    }

    [Theory]
    [InlineData("$top=0", "InvalidTop")]
    [InlineData("$top=-1", "InvalidTop")]
    [InlineData("$top=many", "InvalidTop")]
    [InlineData("$top=99999999999999999999", "InvalidTop")]
    [InlineData("$top=", "InvalidTop")]
    [InlineData("$top=1&$top=2", "InvalidTop")]
    [InlineData("$skipToken=nonsense", "InvalidSkipToken")]
    [InlineData("$skipToken=%00", "InvalidSkipToken")]
    [InlineData("$skiptoken=%F0%9F%98%80", "InvalidSkipToken")]
    [InlineData("$skip=10", "InvalidSkipToken")]
    // base64 of bytes that are no text, and of a token of another list.
    [InlineData("$skipToken=_____w", "InvalidSkipToken")]
    [InlineData("$skipToken=ZXZlbnRzCjEuMQ", "InvalidSkipToken")]
    public async Task A_bad_page_is_400(string query, string code)
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        foreach (string list in new[] { Computes, ApiUnderTest.Workspaces, ApiUnderTest.Subscription + "/resourceGroups", ApiUnderTest.Subscription + "/resources" })
        {
            Answer answer = await api.GetAsync($"{list}?{query}");
            (answer.Status, answer.Code).ShouldBe((400, code), list);
            answer.Target.ShouldNotBeNull();
        }
    }

    private static string[] Names(Answer answer)
    {
        answer.Status.ShouldBe(200, answer.Text);
        return [.. answer.Body["value"]!.AsArray().Select(row => row!["name"]!.GetValue<string>())];
    }
}
