using Carrel.Engine.Notices;
using Carrel.Engine.Storage;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Notices;
using Carrel.Instances.Resources;
using Carrel.Instances.Schedules.Firing;
using Carrel.Instances.Specs;
using Carrel.Store.Engine;
using Carrel.Store.Sqlite;
using NodaTime;

namespace Carrel.Store.Tests;

/// <summary>Firings are decided once, changes of schedules are told, and notices are one for each deadline.</summary>
public sealed class ScheduleStoreTests : IAsyncLifetime
{
    private static readonly Principal Ann = new(Guid.NewGuid(), Guid.NewGuid(), "ann@contoso.com", "User");
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 25, 8, 0);

    private readonly string _folder = Directory.CreateTempSubdirectory("carrel-store-").FullName;
    private SqliteDatabase _database = null!;
    private EngineStore _store = null!;
    private ComputeInstance _desk = null!;

    public async ValueTask InitializeAsync()
    {
        _database = SqliteDatabase.Open(Path.Combine(_folder, "carrel.db"), TimeProvider.System);
        _store = new EngineStore(_database);
        var workspace = new Workspace(
            Guid.NewGuid(), new WorkspaceAddress("S1", "Team", "lab"), "local", new WorkspaceModel(new Dictionary<string, string>(), null, null, null, "None", "{}"), false, Ann, Now, Ann, Now, 1);
        _desk = new ComputeInstance(
            Guid.NewGuid(), workspace.Uid, new InstanceAddress("S1", "Team", "lab", "desk"), "local", new ComputeInstanceModel("STANDARD_DS1_V2") { Schedules = [Stop()] },
            new ComputeInstanceState(InstanceState.Running, ProvisioningState.Succeeded), Ann, Now, Ann, Now, Ann.ObjectId, "ann", 1);
        await WriteAsync(transaction =>
        {
            transaction.Insert(workspace);
            transaction.Insert(_desk, "standardDSv2Family", 1);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task An_occurrence_is_claimed_once_and_a_deferred_one_settled_once()
    {
        var firing = new ScheduleFiring(_desk.Uid, Guid.NewGuid(), Now, ScheduleAction.Stop, FiringOutcome.Deferred, "Wait.", Now);
        (await _store.WriteAsync(transaction => transaction.Claim(firing))).ShouldBeTrue();
        (await _store.WriteAsync(transaction => transaction.Claim(firing with { Outcome = FiringOutcome.Ran }))).ShouldBeFalse();
        (await _store.ReadAsync(view => view.ListDeferredFirings())).ShouldBe([firing]);
        ScheduleFiring ran = firing with { Outcome = FiringOutcome.Ran, Reason = "Ran.", DecidedAt = Now.PlusTicks(1), OperationId = Guid.NewGuid() };
        (await _store.WriteAsync(transaction => transaction.Settle(ran))).ShouldBeTrue();
        (await _store.WriteAsync(transaction => transaction.Settle(ran))).ShouldBeFalse();
        (await _store.ReadAsync(view => view.FindFiring(firing.InstanceUid, firing.ScheduleId, Now))).ShouldBe(ran);
        (await _store.ReadAsync(view => view.ListFirings(_desk.Uid, 5))).ShouldBe([ran]);
        await WriteAsync(transaction => transaction.ForgetFirings(Now.PlusTicks(2)));
        (await _store.ReadAsync(view => view.ListFirings(_desk.Uid, 5))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_the_schedules_that_changed_are_told_of_and_nothing_for_any_other_update()
    {
        long begin = await _store.ReadAsync(view => view.LastScheduleChange());
        begin.ShouldBe(1, "the schedule the instance was made with");
        ScheduleModel kept = _desk.Model.Schedules[0];
        ScheduleModel start = Stop() with { Action = ScheduleAction.Start };
        await WriteAsync(transaction => transaction.Update(_desk with { State = _desk.State with { State = InstanceState.Stopped } }));
        await WriteAsync(transaction => transaction.Update(_desk with { Model = _desk.Model with { Description = "other" }, ModifiedOn = Now.PlusTicks(1) }));
        (await _store.ReadAsync(view => view.LastScheduleChange())).ShouldBe(begin);

        await WriteAsync(transaction => transaction.Update(_desk with { Model = _desk.Model with { Schedules = [kept, start] }, ModifiedOn = Now.PlusTicks(2) }));
        await WriteAsync(transaction => transaction.Update(_desk with { Model = _desk.Model with { Schedules = [kept with { Status = ScheduleStatus.Disabled }, start] }, ModifiedOn = Now.PlusTicks(3) }));
        await WriteAsync(transaction => transaction.Update(_desk with { Model = _desk.Model with { Schedules = [start] }, ModifiedOn = Now.PlusTicks(4) }));
        (await _store.ReadAsync(view => view.ListScheduleChanges(begin, 10))).Select(change => (change.InstanceUid, change.ScheduleId, change.At)).ShouldBe(
            [(_desk.Uid, start.Id, Now.PlusTicks(2)), (_desk.Uid, kept.Id, Now.PlusTicks(3)), (_desk.Uid, kept.Id, Now.PlusTicks(4))]);
        (await _store.ReadAsync(view => view.ListScheduleChanges(Now.PlusTicks(3)))).Single().ScheduleId.ShouldBe(kept.Id);
        InstanceSchedules listed = (await _store.ReadAsync(view => view.ListSchedules(null, 10))).Single();
        listed.Schedules!.Single().Id.ShouldBe(start.Id);
        (await _store.ReadAsync(view => view.ListSchedules(_desk.Uid, 10))).ShouldBeEmpty();

        await WriteAsync(transaction => transaction.DeleteInstance(_desk.Uid));
        (await _store.ReadAsync(view => view.ListScheduleChanges(begin, 10)))[^1].ScheduleId.ShouldBe(start.Id);
        (await _store.ReadAsync(view => view.ListSchedules(null, 10))).ShouldBeEmpty();
    }

    [Fact]
    public async Task How_far_was_looked_never_goes_back()
    {
        (await _store.ReadAsync(view => view.FiringsLookedUntil())).ShouldBeNull();
        await WriteAsync(transaction => transaction.MarkFiringsLookedUntil(Now));
        await WriteAsync(transaction => transaction.MarkFiringsLookedUntil(Now - Duration.FromHours(1)));
        (await _store.ReadAsync(view => view.FiringsLookedUntil())).ShouldBe(Now);
    }

    [Fact]
    public async Task There_is_one_notice_for_a_deadline_and_it_goes_with_its_instance()
    {
        StopNotice notice = Notice() with { Evidence = "{}", DecidedBy = "ann", DecidedAt = Now, Ending = "over", TellAt = Now };
        (await _store.WriteAsync(transaction => transaction.Insert(notice))).ShouldBeTrue();
        (await _store.WriteAsync(transaction => transaction.Insert(notice with { Id = Guid.NewGuid() }))).ShouldBeFalse();
        (await _store.ReadAsync(view => view.FindNotice(notice.Id))).ShouldBe(notice);
        (await _store.ReadAsync(view => view.FindNotice(notice.InstanceUid, notice.Kind, notice.ScheduleId, notice.Due))).ShouldBe(notice);
        StopNotice idle = notice with { Id = Guid.NewGuid(), Kind = NoticeKind.IdleShutdownPending, ScheduleId = null };
        (await _store.WriteAsync(transaction => transaction.Insert(idle))).ShouldBeTrue();
        (await _store.ReadAsync(view => view.ListNotices(_desk.Uid, 10))).Count.ShouldBe(2);
        await WriteAsync(transaction => transaction.DeleteInstance(_desk.Uid));
        (await _store.ReadAsync(view => view.FindNotice(notice.Id))).ShouldBeNull();
    }

    [Fact]
    public async Task Notices_are_due_when_they_are_to_be_told_again_or_their_stop_has_come()
    {
        StopNotice told = Notice();
        StopNotice snoozed = Notice() with { State = NoticeState.Snoozed, FireAt = Now + Duration.FromHours(1), TellAt = Now + Duration.FromMinutes(45) };
        StopNotice dismissed = Notice() with { State = NoticeState.Dismissed };
        foreach (StopNotice notice in new[] { told, snoozed, dismissed })
            await WriteAsync(transaction => transaction.Insert(notice).ShouldBeTrue());
        (await DueAsync(Now - Duration.FromSeconds(1))).ShouldBeEmpty();
        (await DueAsync(Now)).ShouldBe([told.Id]);
        (await DueAsync(Now + Duration.FromMinutes(45))).ShouldBe([told.Id, snoozed.Id]);
    }

    [Fact]
    public async Task A_delivery_is_one_caller_s_until_its_next_try()
    {
        StopNotice notice = Notice();
        var delivery = new NoticeDelivery(Guid.NewGuid(), notice.Id, NoticeDelivery.Terminal, "text", 0, Now, Now + Duration.FromHours(1));
        await WriteAsync(transaction =>
        {
            transaction.Insert(notice).ShouldBeTrue();
            transaction.Queue(delivery);
        });
        Instant next = Now + Duration.FromSeconds(30);
        (await _store.WriteAsync(transaction => transaction.ClaimDelivery(Now, next))).ShouldBe(delivery with { Attempts = 1, NextAt = next });
        (await _store.WriteAsync(transaction => transaction.ClaimDelivery(Now, next))).ShouldBeNull();
        (await _store.WriteAsync(transaction => transaction.ClaimDelivery(next, next))).ShouldNotBeNull().Attempts.ShouldBe(2);
        await WriteAsync(transaction => transaction.Postpone(delivery.Id, Now));
        await WriteAsync(transaction => transaction.Finish(delivery.Id));
        (await _store.WriteAsync(transaction => transaction.ClaimDelivery(next, next))).ShouldBeNull();
    }

    private async Task<IEnumerable<Guid>> DueAsync(Instant by) => (await _store.ReadAsync(view => view.ListNoticesDue(by))).Select(notice => notice.Id);

    private Task WriteAsync(Action<IEngineTransaction> write) => _store.WriteAsync(transaction =>
    {
        write(transaction);
        return true;
    });

    private StopNotice Notice() => new(Guid.NewGuid(), _desk.Uid, NoticeKind.ScheduledShutdownPending, Guid.NewGuid(), Now, Now, NoticeState.Pending, "why", Now);

    private static ScheduleModel Stop() => new(Guid.NewGuid(), ScheduleStatus.Enabled, ScheduleAction.Stop, new CronModel(null, null, "UTC", "0 18 * * *"), null, Now);
}
