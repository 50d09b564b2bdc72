using Carrel.Access.Authority;
using Carrel.Access.Directory;
using Carrel.Access.Roles;
using Carrel.Access.Setup;
using Carrel.Access.SignIn;
using Carrel.Arm.Identity;
using Carrel.Store.Access;
using Carrel.Store.Sqlite;

namespace Carrel.Store.Tests.Access;

public sealed class AccessStoreTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, 123, TimeSpan.Zero);

    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("carrel-store-").FullName;
    private SqliteDatabase _database = null!;

    public ValueTask InitializeAsync()
    {
        _database = Open();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    private SqliteDatabase Open() => SqliteDatabase.Open(Path.Combine(_folder, "carrel.db"), TimeProvider.System);

    private static DirectoryUser User(string name) => new(Guid.NewGuid(), name, "Display " + name, "hash", Now);

    private static SetupRecords Records(string password = "p1", string secret = "s1")
    {
        DirectoryUser administrator = User("admin@carrel.local") with { PasswordHash = password };
        var program = new ServicePrincipal(Guid.NewGuid(), Guid.NewGuid(), "program", CallerKind.Application, Now);
        return new SetupRecords(
            new Tenant(Guid.NewGuid(), "carrel.local", Now), administrator, program,
            new ClientSecret(Guid.NewGuid(), program.ClientId, secret, Now.AddDays(1)),
            [new RoleAssignment(Guid.NewGuid(), "/subscriptions/S", program.ObjectId, BuiltInRoles.Owner.Id, "ServicePrincipal", Now)]);
    }

    private static Session NewSession(Guid user, Guid? parent = null, string? grant = null, string? instance = null) => new(
        Guid.NewGuid(), Guid.NewGuid().ToString("N"), instance is null ? SessionKind.Studio : SessionKind.Instance, instance, user, Now, Now, parent, grant);

    private Task<bool> AddAsync(Session session) =>
        new SessionStore(_database).TryAddAsync(session, Now - Sessions.LongestLife, Now - Sessions.Sliding, None);

    [Fact]
    public async Task A_person_is_found_by_name_ignoring_case_and_a_name_is_taken_once()
    {
        var store = new DirectoryStore(_database, TimeProvider.System);
        DirectoryUser ann = User("Ann@carrel.local");
        (await store.TryAddUserAsync(ann, None)).ShouldBeTrue();
        (await store.TryAddUserAsync(User("ANN@carrel.local"), None)).ShouldBeFalse();
        (await store.FindUserByNameAsync("ann@CARREL.local", None)).ShouldBe(ann);
        (await store.FindUserAsync(ann.ObjectId, None)).ShouldBe(ann);
        (await store.FindUserByNameAsync("bob@carrel.local", None)).ShouldBeNull();
        (await store.ListUsersAsync(None)).ShouldBe([ann]);
        await store.ReplacePasswordHashAsync(ann.ObjectId, "another", "lost", None);
        await store.ReplacePasswordHashAsync(ann.ObjectId, "hash", "new", None);
        (await store.FindUserAsync(ann.ObjectId, None))!.PasswordHash.ShouldBe("new");
    }

    [Fact]
    public async Task Of_many_parallel_attempts_to_sign_in_five_are_allowed()
    {
        var store = new DirectoryStore(_database, TimeProvider.System);
        var id = Guid.NewGuid();
        SignInAttempt[] attempts = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(_ => Task.Run(() => store.BeginSignInAsync(id, Now, LockOut.Default, None))));
        attempts.Count(attempt => attempt.Allowed).ShouldBe(5);
        (await store.BeginSignInAsync(id, Now.AddMinutes(5).AddTicks(-1), LockOut.Default, None)).Allowed.ShouldBeFalse();
        (await store.BeginSignInAsync(id, Now.AddMinutes(5), LockOut.Default, None)).Failures.ShouldBe(1);
        await store.RecordSignInAsync(id, Now, None);
        (await store.BeginSignInAsync(id, Now, LockOut.Default, None)).Failures.ShouldBe(1);
    }

    [Fact]
    public async Task A_program_has_several_secrets()
    {
        var store = new DirectoryStore(_database, TimeProvider.System);
        var program = new ServicePrincipal(Guid.NewGuid(), Guid.NewGuid(), "p", CallerKind.ManagedIdentity, Now);
        var first = new ClientSecret(Guid.NewGuid(), program.ClientId, "a", Now);
        var second = new ClientSecret(Guid.NewGuid(), program.ClientId, "b", DateTimeOffset.MaxValue);
        await store.TryAddServicePrincipalAsync(program, [first], None);
        await store.AddClientSecretAsync(second, None);
        (await store.FindServicePrincipalAsync(program.ClientId, None)).ShouldBe(program);
        (await store.FindServicePrincipalByObjectIdAsync(program.ObjectId, None)).ShouldBe(program);
        (await store.FindServicePrincipalAsync(program.ObjectId, None)).ShouldBeNull();
        (await store.ListClientSecretsAsync(program.ClientId, None)).OrderBy(secret => secret.Hash).ShouldBe([first, second]);
    }

    [Fact]
    public async Task The_first_start_happens_once_and_its_secrets_are_replaced_until_delivered()
    {
        var setup = new SetupStore(_database);
        var directory = new DirectoryStore(_database, TimeProvider.System);
        (await setup.FindAsync(None)).ShouldBeNull();
        SetupRecords records = Records();
        bool[] made = await Task.WhenAll(setup.TryCreateAsync(records, None), setup.TryCreateAsync(Records(), None));
        made.Count(one => one).ShouldBe(1);
        SetupState state = (await setup.FindAsync(None))!;
        state.Tenant.ShouldBe(records.Tenant);
        state.Delivered.ShouldBeFalse();
        (await directory.FindTenantAsync(None)).ShouldBe(records.Tenant);
        (await new RoleAssignmentStore(_database, TimeProvider.System).ListAsync(None)).ShouldBe(records.Assignments);

        var replacement = new ClientSecret(Guid.NewGuid(), state.ClientId, "s2", Now);
        (await setup.TryReplaceSecretsAsync("p2", replacement, None)).ShouldBeTrue();
        (await directory.FindUserAsync(state.AdministratorId, None))!.PasswordHash.ShouldBe("p2");
        (await directory.ListClientSecretsAsync(state.ClientId, None)).ShouldBe([replacement]);

        await setup.ConfirmDeliveryAsync(None);
        (await setup.TryReplaceSecretsAsync("p3", replacement with { Id = Guid.NewGuid() }, None)).ShouldBeFalse();
        (await directory.FindUserAsync(state.AdministratorId, None))!.PasswordHash.ShouldBe("p2");
    }

    [Fact]
    public async Task Everything_is_still_there_after_a_restart()
    {
        SetupRecords records = Records();
        await new SetupStore(_database).TryCreateAsync(records, None);
        Session session = NewSession(records.Administrator.ObjectId);
        await AddAsync(session);
        await _database.DisposeAsync();
        _database = Open();
        (await new SetupStore(_database).FindAsync(None))!.Tenant.ShouldBe(records.Tenant);
        (await new SessionStore(_database).FindAsync(session.TokenHash, None)).ShouldBe(session);
    }

    [Fact]
    public async Task A_session_is_prolonged_and_ends_with_its_parent()
    {
        var store = new SessionStore(_database);
        var user = Guid.NewGuid();
        Session studio = NewSession(user);
        Session instance = NewSession(user, studio.Id, "grant", "uid");
        (await AddAsync(instance)).ShouldBeFalse();
        (await AddAsync(studio)).ShouldBeTrue();
        (await AddAsync(instance)).ShouldBeTrue();
        (await store.FindAsync(instance.TokenHash, None)).ShouldBe(instance);
        await store.TouchAsync(studio.TokenHash, Now.AddHours(1), None);
        await store.TouchAsync(studio.TokenHash, Now, None);
        (await store.FindAsync(studio.TokenHash, None))!.LastSeenAt.ShouldBe(Now.AddHours(1));
        await store.RevokeAsync(studio.Id, None);
        (await store.FindAsync(instance.TokenHash, None)).ShouldBeNull();
    }

    [Fact]
    public async Task Sessions_end_by_person_by_instance_and_by_age()
    {
        var store = new SessionStore(_database);
        var user = Guid.NewGuid();
        Session one = NewSession(user, instance: "uid1");
        Session two = NewSession(user, instance: "uid2");
        Session other = NewSession(Guid.NewGuid());
        foreach (Session session in (Session[])[one, two, other])
            (await AddAsync(session)).ShouldBeTrue();
        await store.RevokeInstanceAsync("uid1", None);
        (await store.FindAsync(one.TokenHash, None)).ShouldBeNull();
        (await store.FindAsync(two.TokenHash, None)).ShouldNotBeNull();
        await store.RevokeUserAsync(user, None);
        (await store.FindAsync(two.TokenHash, None)).ShouldBeNull();
        (await store.FindAsync(other.TokenHash, None)).ShouldNotBeNull();
        await store.TryAddAsync(NewSession(user) with { CreatedAt = Now.AddDays(1), LastSeenAt = Now.AddDays(1) }, Now.AddDays(-6), Now.AddHours(12), None);
        (await store.FindAsync(other.TokenHash, None)).ShouldBeNull();
    }

    [Fact]
    public async Task Of_many_parallel_uses_of_a_code_one_is_the_first_and_a_replay_ends_its_sessions()
    {
        var codes = new AuthorizationCodeStore(_database);
        var code = new AuthorizationCode("h1", "client", "https://x/", "challenge", Guid.NewGuid(), Guid.NewGuid(), "openid", null, Now.AddMinutes(1));
        await codes.AddAsync(code, Now.AddDays(-7), None);
        (await codes.UseAsync("other", Now, None)).Use.ShouldBe(CodeUse.Unknown);
        (await codes.UseAsync("h1", Now, None)).ShouldBe((CodeUse.First, code));
        Session session = NewSession(code.UserObjectId, grant: "h1", instance: "uid");
        (await AddAsync(session)).ShouldBeTrue();
        (await codes.ListReplayedAsync(None)).ShouldBeEmpty();

        (CodeUse Use, AuthorizationCode? Code)[] uses = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => Task.Run(() => codes.UseAsync("h1", Now, None))));
        uses.ShouldAllBe(use => use.Use == CodeUse.Replay);
        (await new SessionStore(_database).FindAsync(session.TokenHash, None)).ShouldBeNull();
        (await AddAsync(NewSession(code.UserObjectId, grant: "h1", instance: "uid"))).ShouldBeFalse();
        (await codes.ListReplayedAsync(None)).ShouldBe(["h1"]);

        await codes.AddAsync(code with { Hash = "h2", ExpiresAt = Now.AddDays(9) }, Now.AddDays(8), None);
        (await codes.UseAsync("h1", Now, None)).Use.ShouldBe(CodeUse.Unknown);
    }

    [Fact]
    public async Task A_change_of_roles_shows_with_the_next_question()
    {
        var store = new RoleAssignmentStore(_database, TimeProvider.System);
        var principal = Guid.NewGuid();
        var given = new RoleAssignment(Guid.NewGuid(), "/subscriptions/S/resourceGroups/G", principal, BuiltInRoles.Owner.Id, "User", Now);
        (await store.ListForPrincipalAsync(principal, None)).ShouldBeEmpty();
        (await store.TryAddAsync(given, null, None)).ShouldBeTrue();
        (await store.ListForPrincipalAsync(principal, None)).ShouldBe([given]);
        (await store.TryAddAsync(given with { Id = Guid.NewGuid(), Scope = "/SUBSCRIPTIONS/s/resourcegroups/g/" }, null, None)).ShouldBeFalse();
        (await store.FindAsync(given.Id, None)).ShouldBe(given);
        (await store.RemoveAsync(given.Id, null, None)).ShouldBeTrue();
        (await store.RemoveAsync(given.Id, null, None)).ShouldBeFalse();
        (await store.ListForPrincipalAsync(principal, None)).ShouldBeEmpty();
    }
}
