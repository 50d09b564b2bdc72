using System.Text.Json;
using Carrel.Engine.Events;
using Carrel.Engine.Operations;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Quota;
using Carrel.Instances.Resources;
using Carrel.Instances.Specs;
using Carrel.Store.Engine;
using Carrel.Store.Settings;
using Carrel.Store.Sqlite;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Carrel.Store.Tests;

/// <summary>What is written is read back, and the store holds its own rules.</summary>
public sealed class EngineStoreTests : IAsyncLifetime
{
    private static readonly Principal Ann = new(Guid.NewGuid(), Guid.NewGuid(), "ann@contoso.com", "User");
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 21, 8, 0).PlusTicks(1234567);

    private readonly string _folder = Directory.CreateTempSubdirectory("carrel-store-").FullName;
    private SqliteDatabase _database = null!;
    private EngineStore _store = null!;

    public ValueTask InitializeAsync()
    {
        _database = SqliteDatabase.Open(Path.Combine(_folder, "carrel.db"), TimeProvider.System);
        _store = new EngineStore(_database);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Every_record_comes_back_as_it_was_written()
    {
        var group = new ResourceGroup("S1", "Team", "eastus", new Dictionary<string, string> { ["Größe"] = "n'ö\"n" }, Now);
        Workspace workspace = Workspace("Lab") with { Deleting = true };
        ComputeInstance instance = Instance(workspace, "Desk");
        Operation operation = Operation(instance.Uid) with
        {
            Status = OperationStatus.Failed, Step = "StartMachine", PreviousState = InstanceState.Stopped, EndedAt = Now, Error = new InstanceError("Code", "Message"), Trigger = OperationTrigger.IdleShutdown,
            Origin = new RequestOrigin("request", "client", "az/2"),
        };
        var happened = new ActivityEvent(Now, Ann, "action", "/Target", "Failed", "User", "detail", "request", "correlation")
        {
            Level = EventLevel.Error, OperationId = Guid.NewGuid(), ClientRequestId = "client", UserAgent = "az/2",
        };
        await Write(transaction =>
        {
            transaction.Save(group);
            transaction.Insert(workspace);
            transaction.Insert(instance, "standardDSv2Family", 4);
            transaction.Insert(operation);
            transaction.Append(happened);
        });
        Same((await _store.ReadAsync(view => view.FindResourceGroup("s1", "TEAM")))!, group with { SubscriptionId = "s1" });
        Same((await _store.ReadAsync(view => view.FindWorkspace(workspace.Address with { Name = "LAB" })))!, workspace with { Address = workspace.Address with { SubscriptionId = "s1" } });
        ComputeInstance read = (await _store.ReadAsync(view => view.FindInstance(instance.Address with { Name = "dESK" })))!;
        ModelJson.Serialize(read.Model).ShouldBe(ModelJson.Serialize(instance.Model));
        Same(read with { Model = instance.Model }, instance with { Address = instance.Address with { SubscriptionId = "s1" } });
        (await _store.ReadAsync(view => view.FindOperation(operation.Id))).ShouldBe(operation with { SubscriptionId = "s1" });
        (await _store.ReadAsync(view => view.ListEvents("/target", 10))).ShouldHaveSingleItem().ShouldBe(happened);
    }

    [Fact]
    public async Task An_update_replaces_what_may_change_and_counts_the_version_up()
    {
        Workspace workspace = Workspace("lab");
        ComputeInstance instance = Instance(workspace, "desk");
        Guid bob = Guid.NewGuid();
        await Write(transaction =>
        {
            transaction.Insert(workspace);
            transaction.Insert(instance, "f", 4);
            transaction.Update(instance with { Owner = bob, OwnerAlias = "bob", State = instance.State with { State = InstanceState.Stopped, Errors = null } });
        });
        ComputeInstance read = (await _store.ReadAsync(view => view.FindInstance(instance.Uid)))!;
        (read.Version, read.Owner, read.OwnerAlias, read.State.State).ShouldBe((2, bob, "bob", InstanceState.Stopped));
        (await _store.ReadAsync(view => view.ListInstancesOfOwner(bob))).Count.ShouldBe(1);
        (await _store.ReadAsync(view => view.ListInstancesOfOwner(instance.Owner))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_target_has_one_running_operation_at_most()
    {
        Operation first = Operation(Guid.NewGuid());
        await Write(transaction => transaction.Insert(first));
        await Should.ThrowAsync<SqliteException>(() => Write(transaction => transaction.Insert(Operation(first.TargetUid))));
        await Write(transaction => transaction.Insert(Operation(first.TargetUid) with { Status = OperationStatus.Succeeded, EndedAt = Now }));
        await Write(transaction => transaction.Update(first with { Status = OperationStatus.Canceled, EndedAt = Now }));
        await Write(transaction => transaction.Insert(Operation(first.TargetUid)));
    }

    [Fact]
    public async Task A_name_is_taken_once_per_region_whatever_the_case()
    {
        Workspace workspace = Workspace("lab");
        await Write(transaction => { transaction.Insert(workspace); transaction.Insert(Instance(workspace, "desk"), "f", 1); });
        ComputeInstance elsewhere = Instance(workspace, "DESK");
        await Should.ThrowAsync<SqliteException>(() => Write(transaction => transaction.Insert(elsewhere with { Address = elsewhere.Address with { Workspace = "other" } }, "f", 1)));
        await Write(transaction => transaction.Insert(elsewhere with { Location = "westus", Address = elsewhere.Address with { Workspace = "other" } }, "f", 1));
        (await _store.ReadAsync(view => view.FindInstance("local", "Desk")))!.Address.Name.ShouldBe("desk");
    }

    [Fact]
    public async Task Of_many_who_claim_one_operation_one_gets_it_until_its_lease_ends()
    {
        Operation operation = Operation(Guid.NewGuid());
        await Write(transaction => transaction.Insert(operation));
        Instant until = Now + Duration.FromSeconds(30);
        Operation?[] claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(worker => _store.WriteAsync(transaction => transaction.ClaimOperation("w" + worker, Now, until))));
        claims.Count(claim => claim is not null).ShouldBe(1);
        string holder = "w" + Array.FindIndex(claims, claim => claim is not null);
        (await _store.WriteAsync(transaction => transaction.RenewLease(operation.Id, "other", until))).ShouldBeFalse();
        (await _store.WriteAsync(transaction => transaction.RenewLease(operation.Id, holder, until + Duration.FromSeconds(30)))).ShouldBeTrue();
        (await Claim("late", until + Duration.FromSeconds(20))).ShouldBeNull();
        (await Claim("late", until + Duration.FromSeconds(31)))!.Id.ShouldBe(operation.Id);
        (await _store.WriteAsync(transaction => transaction.RenewLease(operation.Id, holder, until))).ShouldBeFalse();
        await Write(transaction => transaction.ReleaseLease(operation.Id, holder));
        (await Claim("third", Now)).ShouldBeNull();
        await Write(transaction => transaction.ReleaseLease(operation.Id, "late"));
        (await Claim("third", Now)).ShouldNotBeNull();
    }

    [Fact]
    public async Task The_oldest_operation_is_claimed_first()
    {
        Operation young = Operation(Guid.NewGuid()) with { CreatedAt = Now + Duration.FromSeconds(1) };
        Operation old = Operation(Guid.NewGuid());
        await Write(transaction => { transaction.Insert(young); transaction.Insert(old); });
        (await Claim("w", Now))!.Id.ShouldBe(old.Id);
        (await Claim("w", Now))!.Id.ShouldBe(young.Id);
        (await Claim("w", Now)).ShouldBeNull();
    }

    [Fact]
    public async Task An_operation_waits_until_the_canceled_one_it_replaces_has_let_go()
    {
        Operation creation = Operation(Guid.NewGuid());
        await Write(transaction => transaction.Insert(creation));
        await Claim("first", Now);
        Operation deletion = Operation(creation.TargetUid) with { Kind = OperationKind.Delete };
        await Write(transaction => { transaction.Update(creation with { Status = OperationStatus.Canceled, EndedAt = Now }); transaction.Insert(deletion); });
        (await Claim("second", Now)).ShouldBeNull();
        (await _store.WriteAsync(transaction => transaction.RenewLease(creation.Id, "first", Now + Duration.FromDays(1)))).ShouldBeFalse();
        await Write(transaction => transaction.ReleaseLease(creation.Id, "first"));
        (await Claim("second", Now))!.Id.ShouldBe(deletion.Id);
    }

    [Fact]
    public async Task A_dead_holder_of_a_canceled_operation_is_waited_for_until_its_lease_ends_or_the_server_knows_it_is_dead()
    {
        Operation creation = Operation(Guid.NewGuid());
        await Write(transaction => transaction.Insert(creation));
        await Claim("dead", Now);
        Operation deletion = Operation(creation.TargetUid);
        await Write(transaction => { transaction.Update(creation with { Status = OperationStatus.Canceled, EndedAt = Now }); transaction.Insert(deletion); });
        (await Claim("second", Now)).ShouldBeNull();
        await Write(transaction => transaction.ReleaseEveryLease());
        (await Claim("second", Now))!.Id.ShouldBe(deletion.Id);
    }

    [Fact]
    public async Task Only_ended_operations_are_forgotten()
    {
        Operation running = Operation(Guid.NewGuid());
        Operation ended = Operation(Guid.NewGuid()) with { Status = OperationStatus.Succeeded, EndedAt = Now };
        await Write(transaction => { transaction.Insert(running); transaction.Insert(ended); });
        (await _store.WriteAsync(transaction => transaction.ForgetOperations(Now))).ShouldBe(0);
        (await _store.WriteAsync(transaction => transaction.ForgetOperations(Now + Duration.FromTicks(1)))).ShouldBe(1);
        (await _store.ReadAsync(view => view.FindOperation(running.Id))).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("a_b", "axb")]
    [InlineData("a%b", "axyzb")]
    [InlineData("a\\b", "a\\\\b")]
    public async Task A_prefix_takes_wildcards_literally(string name, string other)
    {
        ActivityEvent Event(string target) => new(Now, Ann, "action", target, "Succeeded", "User", null, "", "");
        Workspace own = Workspace("w1") with { Address = new WorkspaceAddress("s1", name, "w1") };
        Workspace foreign = Workspace("w2") with { Address = new WorkspaceAddress("s1", other, "w2") };
        await Write(transaction =>
        {
            transaction.Append(Event($"/{name}/x"));
            transaction.Append(Event($"/{other}/x"));
            transaction.Append(Event($"/{name}more/x"));
            transaction.Insert(own);
            transaction.Insert(foreign);
        });
        (await _store.ReadAsync(view => view.ListEvents("/" + name, 10))).ShouldHaveSingleItem().Target.ShouldBe($"/{name}/x");
        (await _store.ReadAsync(view => view.ListWorkspaces("s1", name))).ShouldHaveSingleItem().Uid.ShouldBe(own.Uid);
    }

    [Fact]
    public async Task Cores_are_summed_by_family_in_one_subscription_and_location()
    {
        Workspace workspace = Workspace("lab");
        await Write(transaction =>
        {
            transaction.Insert(workspace);
            transaction.Insert(Instance(workspace, "a1a"), "x", 4);
            transaction.Insert(Instance(workspace, "a2a"), "x", 2);
            transaction.Insert(Instance(workspace, "a3a"), "y", 1);
            transaction.Insert(Instance(workspace, "a4a") with { Location = "westus" }, "x", 8);
        });
        (await _store.ReadAsync(view => view.CoresInUse("S1", "local"))).Select(use => (use.Family, use.Cores, use.Instances)).ShouldBe([("x", 6, 2), ("y", 1, 1)]);
    }

    [Fact]
    public async Task Cores_of_one_workspace_and_of_each_instance_are_told_and_given_back()
    {
        Workspace lab = Workspace("lab");
        Workspace annex = Workspace("annex");
        ComputeInstance first = Instance(lab, "b2b");
        await Write(transaction =>
        {
            transaction.Insert(lab);
            transaction.Insert(annex);
            transaction.Insert(first, "x", 4);
            transaction.Insert(Instance(annex, "a1a"), "x", 2);
            transaction.Release(first.Uid);
        });
        (await _store.ReadAsync(view => view.CoresInUse("S1", "local", annex.Uid))).ShouldHaveSingleItem().ShouldBe(new Carrel.Engine.Storage.FamilyUse("x", 2, 1));
        (await _store.ReadAsync(view => view.CoresOfInstances("S1", "local"))).Select(use => (use.Address.Name, use.Family, use.Cores)).ShouldBe([("a1a", "x", 2), ("b2b", "x", 0)]);
    }

    [Fact]
    public async Task A_quota_limit_is_kept_per_subscription_and_location_and_goes_with_its_workspace()
    {
        Workspace lab = Workspace("lab");
        QuotaSetting total = new(QuotaKind.TotalDedicated, "", null, 6);
        QuotaSetting family = new(QuotaKind.Family, "x", null, int.MaxValue);
        QuotaSetting own = new(QuotaKind.Family, "x", lab.Uid, 0);
        await Write(transaction =>
        {
            transaction.Insert(lab);
            foreach (QuotaSetting setting in (QuotaSetting[])[total, family, own, total with { Limit = 7 }])
                transaction.Save("S1", "local", setting);
            transaction.Save("S1", "westus", family);
            transaction.Save("S2", "local", family);
        });
        (await Quotas()).ShouldBe([family, own, total with { Limit = 7 }], ignoreOrder: true);
        await Write(transaction => transaction.DeleteQuota("s1", "local", total));
        await Write(transaction => transaction.DeleteQuota("s1", "local", total));
        await Write(transaction => transaction.DeleteWorkspace(lab.Uid));
        (await Quotas()).ShouldBe([family]);

        Task<IReadOnlyList<QuotaSetting>> Quotas() => _store.ReadAsync(view => view.ListQuotas("s1", "local"));
    }

    [Fact]
    public async Task Instances_of_a_subnet_are_found_whatever_the_case_and_a_retried_one_by_its_new_subnet()
    {
        Workspace lab = Workspace("lab");
        ComputeInstance plain = Instance(lab, "a1a");
        ComputeInstance inside = Instance(lab, "b2b");
        inside = inside with { Model = inside.Model with { SubnetId = "/Net/Desks" } };
        await Write(transaction =>
        {
            transaction.Insert(lab);
            transaction.Insert(plain, "x", 1);
            transaction.Insert(inside, "x", 1);
        });
        (await _store.ReadAsync(view => view.ListInstancesInSubnet("/NET/desks"))).ShouldHaveSingleItem().Uid.ShouldBe(inside.Uid);
        await Write(transaction => transaction.Update(inside with { Model = inside.Model with { SubnetId = "/Net/Other" } }));
        (await _store.ReadAsync(view => view.ListInstancesInSubnet("/net/desks"))).ShouldBeEmpty();
        (await _store.ReadAsync(view => view.ListInstancesInSubnet("/net/other"))).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_setting_is_decided_once()
    {
        var settings = new SettingsStore(_database);
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => settings.GetOrAddAsync("name", number.ToString(System.Globalization.CultureInfo.InvariantCulture), default)));
        answers.Distinct().Count().ShouldBe(1);
    }

    private Task<Operation?> Claim(string worker, Instant now) => _store.WriteAsync(transaction => transaction.ClaimOperation(worker, now, now + Duration.FromSeconds(30)));

    private Task<bool> Write(Action<Carrel.Engine.Storage.IEngineTransaction> write) => _store.WriteAsync(transaction =>
    {
        write(transaction);
        return true;
    });

    private static void Same<T>(T read, T written) => Json(read).ShouldBe(Json(written));

    private static string Json<T>(T value) => JsonSerializer.Serialize(value);

    private static Workspace Workspace(string name) => new(
        Guid.NewGuid(), new WorkspaceAddress("S1", "Team", name), "local",
        new WorkspaceModel(new Dictionary<string, string> { ["t"] = "1" }, "Default", "Basic", "Basic", "None", "{\"a\":[1]}"), false, Ann, Now, Ann, Now, 1);

    private static ComputeInstance Instance(Workspace workspace, string name) => new(
        Guid.NewGuid(), workspace.Uid, new InstanceAddress("S1", "Team", workspace.Address.Name, name), "local",
        new ComputeInstanceModel("STANDARD_DS1_V2", "a description", IdleMinutes: 30, Identity: new IdentityModel(true, ["/x"])) { Tags = new Dictionary<string, string> { ["a"] = "b" } },
        new ComputeInstanceState(InstanceState.Running, ProvisioningState.Succeeded)
        {
            LastOperation = new LastOperation(OperationName.Create, LastOperationOutcome.Succeeded, OperationTrigger.Schedule, Now),
            Errors = [new InstanceError("a", "b")],
            PrivateAddress = "10.0.0.2",
            ImageVersion = "26.11.21",
            SystemIdentityPrincipalId = Guid.NewGuid(),
        },
        Ann, Now, Ann, Now, Ann.ObjectId, "ann", 1);

    private static Operation Operation(Guid target) => new(
        Guid.NewGuid(), OperationKind.Create, OperationTrigger.User, target, "/T", "S1", OperationStatus.InProgress, null, null, Ann, "c", Now);
}
