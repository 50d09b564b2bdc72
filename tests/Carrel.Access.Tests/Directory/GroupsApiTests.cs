using Carrel.Access.Directory;
using Carrel.Access.Tests.Support;

namespace Carrel.Access.Tests.Directory;

public sealed class GroupsApiTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private AccessHost _host = null!;
    private GraphClient _owner = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await AccessHost.StartAsync();
        _owner = await _host.AsOwnerAsync();
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task<Guid> GroupAsync(string name)
    {
        GraphAnswer made = await _owner.PostAsync("/v1.0/groups", new { displayName = name, mailEnabled = false, mailNickname = "x", securityEnabled = true });
        made.Status.ShouldBe(201, made.Body?.ToJsonString());
        return made.Id;
    }

    private async Task<Guid[]> GroupsOfAsync(Guid id) => [.. (await _host.Get<IPrincipalDirectory>().GroupsOfAsync(id, None)).Order()];

    [Fact]
    public async Task A_member_belongs_to_a_group_and_to_the_groups_around_it_until_it_is_taken_out()
    {
        DirectoryUser ann = await _host.AddUserAsync("ann@carrel.local");
        Guid team = await GroupAsync("Team"), science = await GroupAsync("Science");
        (await GroupsOfAsync(ann.ObjectId)).ShouldBeEmpty();
        (await _owner.AddMemberAsync(team, ann.ObjectId)).Status.ShouldBe(204);
        (await GroupsOfAsync(ann.ObjectId)).ShouldBe([team]);
        (await _owner.AddMemberAsync(science, team)).Status.ShouldBe(204);
        (await GroupsOfAsync(ann.ObjectId)).ShouldBe(new[] { team, science }.Order());
        (await _owner.GetAsync($"/v1.0/groups/{science}/members")).Values("displayName").ShouldBe(["Team"]);
        (await _owner.GetAsync($"/v1.0/groups/{science}/transitiveMembers")).Values("id").Order().ShouldBe(new[] { team.ToString(), ann.ObjectId.ToString() }.Order());

        (await _owner.DeleteAsync($"/v1.0/groups/{science}/members/{team}/$ref")).Status.ShouldBe(204);
        (await GroupsOfAsync(ann.ObjectId)).ShouldBe([team]);
        (await _owner.DeleteAsync($"/v1.0/groups/{science}/members/{team}/$ref")).Status.ShouldBe(404);
        (await _owner.DeleteAsync($"/v1.0/groups/{team}")).Status.ShouldBe(204);
        (await GroupsOfAsync(ann.ObjectId)).ShouldBeEmpty();
        (await _owner.GetAsync($"/v1.0/groups/{team}")).Code.ShouldBe("Request_ResourceNotFound");
    }

    [Fact]
    public async Task A_group_never_becomes_a_member_of_itself()
    {
        Guid a = await GroupAsync("a"), b = await GroupAsync("b"), c = await GroupAsync("c");
        (await _owner.AddMemberAsync(a, b)).Status.ShouldBe(204);
        (await _owner.AddMemberAsync(b, c)).Status.ShouldBe(204);
        foreach ((Guid group, Guid member) in new[] { (c, a), (b, a), (a, a) })
        {
            GraphAnswer refused = await _owner.AddMemberAsync(group, member);
            (refused.Status, refused.Code).ShouldBe((400, "Request_BadRequest"));
            refused.Message.ShouldContain("member of itself");
        }
    }

    [Fact]
    public async Task Programs_and_groups_can_be_members_and_strangers_cannot()
    {
        Guid team = await GroupAsync("Team");
        Guid program = (await _host.Directory.FindServicePrincipalAsync(_host.Secrets.ClientId, None))!.ObjectId;
        (await _owner.AddMemberAsync(team, program)).Status.ShouldBe(204);
        (await _owner.AddMemberAsync(team, program)).Message.ShouldContain("already exist");
        (await _owner.AddMemberAsync(team, Guid.NewGuid())).Status.ShouldBe(404);
        (await _owner.AddMemberAsync(Guid.NewGuid(), program)).Status.ShouldBe(404);
        (await _owner.PostAsync($"/v1.0/groups/{team}/members/$ref", new Dictionary<string, string> { ["@odata.id"] = "nonsense" })).Status.ShouldBe(400);
        (await _owner.PostAsync($"/v1.0/groups/{team}/members/$ref", new { })).Status.ShouldBe(400);
        (await _owner.PostAsync($"/v1.0/directoryObjects/{program}/checkMemberGroups", new { groupIds = new[] { team, Guid.NewGuid() } })).Body!["value"]!.AsArray().Count.ShouldBe(1);
        (await _owner.PostAsync("/v1.0/directoryObjects/getByIds", new { ids = new[] { team } })).Values("@odata.type").ShouldBe(["#microsoft.graph.group"]);
    }

    [Fact]
    public async Task A_removed_person_leaves_every_group()
    {
        DirectoryUser ann = await _host.AddUserAsync("ann@carrel.local");
        Guid team = await GroupAsync("Team");
        await _owner.AddMemberAsync(team, ann.ObjectId);
        (await _owner.DeleteAsync("/v1.0/users/ann@carrel.local")).Status.ShouldBe(204);
        (await _owner.GetAsync($"/v1.0/groups/{team}/members")).Values("id").ShouldBeEmpty();
        (await GroupsOfAsync(ann.ObjectId)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Names_of_groups_are_theirs_alone_and_can_change()
    {
        Guid team = await GroupAsync("Team");
        (await _owner.PostAsync("/v1.0/groups", new { displayName = "TEAM" })).Status.ShouldBe(400);
        (await _owner.PostAsync("/v1.0/groups", new { displayName = "" })).Status.ShouldBe(400);
        (await _owner.PostAsync("/v1.0/groups", new { displayName = "x", id = _host.First.AdministratorId })).Status.ShouldBe(400, "somebody has the id");
        (await _owner.PatchAsync($"/v1.0/groups/{team}", new { displayName = "Crew", description = "all of us" })).Status.ShouldBe(204);
        await GroupAsync("Team");
        (await _owner.PatchAsync($"/v1.0/groups/{team}", new { displayName = "team" })).Status.ShouldBe(400);
        (await _owner.GetAsync("/v1.0/groups?$filter=startswith(displayName,'cr')")).Values("description").ShouldBe(["all of us"]);
    }

    [Fact]
    public async Task Whoever_does_not_administer_reads_the_own_groups_and_changes_none()
    {
        DirectoryUser ann = await _host.AddUserAsync("ann@carrel.local");
        Guid team = await GroupAsync("Team");
        await _owner.AddMemberAsync(team, ann.ObjectId);
        GraphClient me = _host.As(ann);
        (await me.GetAsync("/v1.0/me/memberOf")).Values("displayName").ShouldBe(["Team"]);
        (await me.GetAsync($"/v1.0/users/{ann.ObjectId}/transitiveMemberOf")).Status.ShouldBe(200);
        foreach (GraphAnswer refused in new[]
        {
            await me.GetAsync("/v1.0/groups"), await me.GetAsync($"/v1.0/groups/{team}"), await me.AddMemberAsync(team, _host.First.AdministratorId),
            await me.DeleteAsync($"/v1.0/groups/{team}"), await me.PostAsync("/v1.0/groups", new { displayName = "mine" }), await me.PatchAsync($"/v1.0/groups/{team}", new { displayName = "x" }),
            await me.DeleteAsync($"/v1.0/groups/{team}/members/{ann.ObjectId}/$ref"), await me.GetAsync($"/v1.0/groups/{Guid.NewGuid()}/members"),
        })
            (refused.Status, refused.Code).ShouldBe((403, "Authorization_RequestDenied"));
    }
}
