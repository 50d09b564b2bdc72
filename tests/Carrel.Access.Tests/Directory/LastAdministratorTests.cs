using Carrel.Access.Directory;
using Carrel.Access.Directory.Administration;
using Carrel.Access.Roles;
using Carrel.Access.Tests.Support;
using Carrel.Arm.Audit;
using Carrel.Arm.Identity;

namespace Carrel.Access.Tests.Directory;

/// <summary>Every way to lose the last administrator, each of which would lock everybody out.</summary>
public sealed class LastAdministratorTests : IAsyncLifetime
{
    private const string AdministratorLost = "LastAdministrator";
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly string Subscription = $"/subscriptions/{AccessHost.Subscription}";
    private static readonly Guid AccessAdministrator = BuiltInRoles.All.Single(role => role.RoleName == "User Access Administrator").Id;

    private AccessHost _host = null!;
    private GraphClient _owner = null!;
    private DirectoryUser _ann = null!;
    private Guid _program;

    public async ValueTask InitializeAsync()
    {
        _host = await AccessHost.StartAsync();
        _owner = await _host.AsOwnerAsync();
        _ann = await _host.AddUserAsync("ann@carrel.local");
        _program = (await _host.Directory.FindServicePrincipalAsync(_host.Secrets.ClientId, None))!.ObjectId;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private Guid Administrator => _host.First.AdministratorId;

    private IRoleAssignmentStore Roles => _host.Get<IRoleAssignmentStore>();

    private async Task<Guid> GiveAsync(Guid principal, Guid role, string type = "User", string? scope = null)
    {
        var given = new RoleAssignment(Guid.NewGuid(), scope ?? Subscription, principal, role, type, _host.Time.GetUtcNow());
        (await Roles.TryAddAsync(given, null, None)).ShouldBeTrue();
        return given.Id;
    }

    private async Task TakeAsync(Guid principal)
    {
        foreach (RoleAssignment given in await Roles.ListForPrincipalAsync(principal, None))
            (await Roles.RemoveAsync(given.Id, null, None)).ShouldBeTrue();
    }

    private async Task<Guid> GroupAsync(string name, params Guid[] members)
    {
        Guid group = (await _owner.PostAsync("/v1.0/groups", new { displayName = name })).Id;
        foreach (Guid member in members)
            (await _owner.AddMemberAsync(group, member)).Status.ShouldBe(204);
        return group;
    }

    /// <summary>Afterwards ann is the only person who administers and the only Owner: through a group that is in another group.</summary>
    private async Task<(Guid Inner, Guid Outer, Guid Assignment)> OnlyThroughGroupsAsync()
    {
        Guid inner = await GroupAsync("inner", _ann.ObjectId), outer = await GroupAsync("outer", inner);
        Guid assignment = await GiveAsync(outer, BuiltInRoles.Owner.Id, "Group");
        await TakeAsync(Administrator);
        await TakeAsync(_program);
        return (inner, outer, assignment);
    }

    private static void ShouldBeRefused(GraphAnswer answer, string code)
    {
        (answer.Status, answer.Code).ShouldBe((409, code), answer.Body?.ToJsonString());
        answer.Message.ShouldContain("first");
    }

    private async Task ShouldBeRefusedAsync(Func<Task> change, string code) => (await Should.ThrowAsync<LastAdministratorException>(change)).Loss.Code.ShouldBe(code);

    [Fact]
    public async Task The_last_person_is_neither_disabled_nor_removed_until_there_is_another()
    {
        GraphClient administrator = _host.As(await _host.AdministratorAsync());
        string self = $"/v1.0/users/{Administrator}";
        foreach (GraphClient who in new[] { administrator, _owner })
        {
            ShouldBeRefused(await who.PatchAsync(self, new { accountEnabled = false }), AdministratorLost);
            ShouldBeRefused(await who.DeleteAsync(self), AdministratorLost);
        }

        (await _host.Directory.FindUserAsync(Administrator, None)).ShouldNotBeNull().Enabled.ShouldBeTrue("what is refused is undone");
        await GiveAsync(_ann.ObjectId, BuiltInRoles.Owner.Id);
        (await _owner.PatchAsync("/v1.0/users/ann@carrel.local", new { accountEnabled = false })).Status.ShouldBe(204);
        ShouldBeRefused(await administrator.DeleteAsync(self), AdministratorLost);
        (await _owner.PatchAsync("/v1.0/users/ann@carrel.local", new { accountEnabled = true })).Status.ShouldBe(204);
        (await administrator.DeleteAsync(self)).Status.ShouldBe(204);
        ShouldBeRefused(await _owner.DeleteAsync("/v1.0/users/ann@carrel.local"), AdministratorLost);
    }

    [Fact]
    public async Task Whoever_administers_through_groups_alone_cannot_leave_them_and_they_cannot_be_removed()
    {
        (Guid inner, Guid outer, _) = await OnlyThroughGroupsAsync();
        GraphClient ann = _host.As(_ann);
        ShouldBeRefused(await ann.DeleteAsync($"/v1.0/groups/{inner}/members/{_ann.ObjectId}/$ref"), LastAdministratorRule.LastOwner);
        ShouldBeRefused(await ann.DeleteAsync($"/v1.0/groups/{outer}/members/{inner}/$ref"), LastAdministratorRule.LastOwner);
        ShouldBeRefused(await ann.DeleteAsync($"/v1.0/groups/{inner}"), LastAdministratorRule.LastOwner);
        ShouldBeRefused(await ann.DeleteAsync($"/v1.0/groups/{outer}"), LastAdministratorRule.LastOwner);
        ShouldBeRefused(await ann.DeleteAsync($"/v1.0/users/{_ann.ObjectId}"), LastAdministratorRule.LastOwner);
        ShouldBeRefused(await ann.PatchAsync($"/v1.0/users/{_ann.ObjectId}", new { accountEnabled = false }), LastAdministratorRule.LastOwner);
        (await _host.Directory.ListGroupsOfAsync(_ann.ObjectId, None)).Order().ShouldBe(new[] { inner, outer }.Order(), "what is refused is undone");

        (await ann.AddMemberAsync(outer, Administrator)).Status.ShouldBe(204);
        (await ann.DeleteAsync($"/v1.0/groups/{inner}/members/{_ann.ObjectId}/$ref")).Status.ShouldBe(204, "there is another one now");
    }

    [Fact]
    public async Task The_assignment_through_which_the_last_Owner_is_one_stays_whether_to_a_group_or_to_a_person()
    {
        (_, _, Guid assignment) = await OnlyThroughGroupsAsync();
        await ShouldBeRefusedAsync(() => Roles.RemoveAsync(assignment, null, None), LastAdministratorRule.LastOwner);
        Guid other = await GiveAsync(Administrator, BuiltInRoles.Owner.Id);
        (await Roles.RemoveAsync(assignment, null, None)).ShouldBeTrue();
        await ShouldBeRefusedAsync(() => Roles.RemoveAsync(other, null, None), LastAdministratorRule.LastOwner);
    }

    [Fact]
    public async Task Groups_without_anybody_who_can_sign_in_count_for_nothing()
    {
        await GiveAsync(await GroupAsync("empty"), BuiltInRoles.Owner.Id, "Group");
        await GiveAsync(Guid.NewGuid(), BuiltInRoles.Owner.Id);
        await GiveAsync(_ann.ObjectId, BuiltInRoles.Owner.Id, scope: Subscription + "/resourceGroups/team");
        var identity = new ServicePrincipal(Guid.NewGuid(), Guid.NewGuid(), "/lab/computes/desk", CallerKind.ManagedIdentity, default);
        await _host.Directory.TryAddServicePrincipalAsync(identity, [], None);
        await GiveAsync(identity.ObjectId, BuiltInRoles.Owner.Id, "ServicePrincipal");
        Guid unable = (await _owner.PostAsync("/v1.0/servicePrincipals", new { displayName = "without a secret" })).Id;
        await GiveAsync(unable, BuiltInRoles.Owner.Id, "ServicePrincipal");
        await TakeAsync(_program);
        await ShouldBeRefusedAsync(() => TakeAsync(Administrator), LastAdministratorRule.LastOwner);
    }

    [Fact]
    public async Task The_last_person_who_gives_roles_without_being_Owner_keeps_that_right()
    {
        Guid right = await GiveAsync(_ann.ObjectId, AccessAdministrator);
        await TakeAsync(Administrator);
        await ShouldBeRefusedAsync(() => Roles.RemoveAsync(right, null, None), AdministratorLost);
        await GiveAsync(Administrator, AccessAdministrator);
        (await Roles.RemoveAsync(right, null, None)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_custom_role_that_the_last_person_administers_by_goes_on_allowing_it()
    {
        var writer = new RoleStamp(Administrator, _host.Time.GetUtcNow());
        IRoleDefinitionStore definitions = _host.Get<IRoleDefinitionStore>();
        var audit = new AuditRecord(new Caller(_host.Tenant, Administrator, null, "admin", CallerKind.User), "a", "/", AuditOutcome.Succeeded, "", AuditRequest.New(null));
        RoleDefinition Role(Guid id, string[] actions, string[] not) => new(id, "gives roles", [new RolePermission(actions, not, [], [])], [Subscription], false) { Updated = writer };
        var id = Guid.NewGuid();
        await definitions.SaveAsync(Role(id, ["Microsoft.Authorization/*"], []), audit, None);
        await GiveAsync(_ann.ObjectId, id);
        await TakeAsync(Administrator);

        await ShouldBeRefusedAsync(() => definitions.SaveAsync(Role(id, ["*/read"], []), audit, None), AdministratorLost);
        await ShouldBeRefusedAsync(() => definitions.SaveAsync(Role(id, ["*"], ["Microsoft.Authorization/*/write"]), audit, None), AdministratorLost);
        (await definitions.AllAsync(None))[id].Permissions.Single().Actions.ShouldBe(["Microsoft.Authorization/*"], "what is refused is undone");
        (await definitions.SaveAsync(Role(id, [DirectoryRight.Action], []), audit, None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_program_that_alone_is_Owner_keeps_its_last_good_secret_and_itself()
    {
        await GiveAsync(_ann.ObjectId, AccessAdministrator);
        await TakeAsync(Administrator);
        string program = $"/v1.0/servicePrincipals/{_program}";
        Guid first = (await _host.Directory.ListClientSecretsAsync(_host.Secrets.ClientId, None)).Single().Id;
        ShouldBeRefused(await _owner.PostAsync($"{program}/removePassword", new { keyId = first }), LastAdministratorRule.LastOwner);
        ShouldBeRefused(await _owner.PostAsync($"/v1.0/applications/{_program}/removePassword", new { keyId = first }), LastAdministratorRule.LastOwner);
        ShouldBeRefused(await _owner.DeleteAsync($"/v1.0/applications/{_program}"), LastAdministratorRule.LastOwner);
        ShouldBeRefused(await _owner.DeleteAsync(program), LastAdministratorRule.LastOwner);
        ShouldBeRefused(await _owner.PatchAsync(program, new { accountEnabled = false }), LastAdministratorRule.LastOwner);

        await _owner.PostAsync($"{program}/addPassword", new { passwordCredential = new { endDateTime = _host.Time.GetUtcNow().AddMinutes(1) } });
        (await _owner.PostAsync($"{program}/removePassword", new { keyId = first })).Status.ShouldBe(204, "another secret is good");
    }

    [Fact]
    public async Task Of_two_who_disable_each_other_at_once_one_stays()
    {
        for (int round = 0; round < 10; round++)
        {
            DirectoryUser first = await _host.AddUserAsync($"first{round}@carrel.local"), second = await _host.AddUserAsync($"second{round}@carrel.local");
            await GiveAsync(first.ObjectId, BuiltInRoles.Owner.Id);
            await GiveAsync(second.ObjectId, BuiltInRoles.Owner.Id);
            foreach (RoleAssignment other in (await Roles.ListAsync(None)).Where(given => given.PrincipalId != first.ObjectId && given.PrincipalId != second.ObjectId))
                await Roles.RemoveAsync(other.Id, null, None);
            GraphClient one = _host.As(first), two = _host.As(second);
            GraphAnswer[] answers = await Task.WhenAll(
                one.PatchAsync($"/v1.0/users/{second.ObjectId}", new { accountEnabled = false }), two.DeleteAsync($"/v1.0/users/{first.ObjectId}"));
            answers.Count(answer => answer.Status == 204).ShouldBe(1, string.Join(", ", answers.Select(answer => answer.Status)));
        }
    }

    [Fact]
    public void What_was_missing_before_is_not_lost()
    {
        var person = new Administrator(Guid.NewGuid(), IsPerson: true, IsOwner: false);
        var program = new Administrator(Guid.NewGuid(), IsPerson: false, IsOwner: false);
        LastAdministratorRule.Decide([], []).ShouldBeNull();
        LastAdministratorRule.Decide([program], [program]).ShouldBeNull();
        LastAdministratorRule.Decide([person, program], [program])!.Reason.ShouldStartWith("No person");
        LastAdministratorRule.Decide([program], [])!.Reason.ShouldStartWith("Nobody");
        LastAdministratorRule.Decide([person, program with { IsOwner = true }], [person])!.Code.ShouldBe(LastAdministratorRule.LastOwner);
    }
}
