using Carrel.Instances.Notices;
using NodaTime;
using Shouldly;
using Xunit;

namespace Carrel.Instances.Tests.Notices;

/// <summary>When a stop is told, and what may be done about it (contract 3.6).</summary>
public sealed class NoticeRulesTests
{
    private static readonly Instant Six = Instant.FromUtc(2026, 11, 25, 18, 0);
    private static readonly Instant Told = Six - Duration.FromMinutes(15);
    private static readonly Duration Lead = Duration.FromMinutes(15);

    [Fact]
    public void A_stop_is_told_the_lead_before_it_and_at_once_when_it_is_nearer()
    {
        NoticeRules.TellAt(Six, Lead, Six - Duration.FromHours(2)).ShouldBe(Told);
        NoticeRules.TellAt(Six, Lead, Six - Duration.FromMinutes(4)).ShouldBe(Six - Duration.FromMinutes(4));
    }

    [Theory]
    [InlineData(15)]
    [InlineData(30)]
    [InlineData(60)]
    [InlineData(120)]
    public void A_snooze_moves_the_stop_and_tells_it_again_before_its_new_time(int minutes)
    {
        StopNotice snoozed = Snooze(Notice(), minutes).Notice!;
        snoozed.State.ShouldBe(NoticeState.Snoozed);
        snoozed.FireAt.ShouldBe(Six + Duration.FromMinutes(minutes));
        snoozed.TellAt.ShouldBe(snoozed.FireAt - Lead);
        snoozed.Due.ShouldBe(Six);
        snoozed.DecidedBy.ShouldBe("ann@contoso.com");
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    [InlineData(-15)]
    [InlineData(16)]
    [InlineData(240)]
    public void A_snooze_of_any_other_length_is_refused(int? minutes)
    {
        NoticeDecision decision = Snooze(Notice(), minutes);
        decision.Notice.ShouldBeNull();
        decision.IsConflict.ShouldBeFalse();
        decision.Refusal!.Code.ShouldBe("InvalidSnooze");
        decision.Refusal.Target.ShouldBe("minutes");
        decision.Refusal.Message.ShouldContain("15, 30, 60, 120");
    }

    [Fact]
    public void Snoozes_add_up_to_240_minutes_and_not_one_more()
    {
        StopNotice twice = Snooze(Snooze(Notice(), 120).Notice!, 120).Notice!;
        twice.FireAt.ShouldBe(Six + Duration.FromMinutes(240));
        NoticeDecision more = Snooze(twice, 15);
        more.IsConflict.ShouldBeTrue();
        more.Refusal!.Code.ShouldBe("SnoozeLimitReached");
    }

    [Theory]
    [InlineData(29, false)]
    [InlineData(30, false)]
    [InlineData(31, true)]
    public void A_snooze_that_would_reach_the_next_start_is_refused(int startAfter, bool allowed)
    {
        NoticeDecision decision = Snooze(Notice(), 30, Six + Duration.FromMinutes(startAfter));
        (decision.Notice is not null).ShouldBe(allowed);
        if (!allowed)
        {
            decision.IsConflict.ShouldBeTrue();
            decision.Refusal!.Code.ShouldBe("SnoozeReachesNextStart");
        }
    }

    [Fact]
    public void A_dismissal_takes_this_stop_back_and_is_final()
    {
        StopNotice dismissed = NoticeRules.Dismiss(Notice(), "ann@contoso.com", Told).Notice!;
        dismissed.State.ShouldBe(NoticeState.Dismissed);
        dismissed.IsOpen.ShouldBeFalse();
        dismissed.Ending!.ShouldContain("ann@contoso.com");
        NoticeRules.Dismiss(dismissed, "bob@contoso.com", Told).Notice.ShouldBeSameAs(dismissed);
        Snooze(dismissed, 15).Refusal!.Code.ShouldBe("NoticeNotPending");
    }

    [Fact]
    public void What_is_over_can_be_neither_dismissed_nor_put_off()
    {
        StopNotice done = Notice() with { State = NoticeState.Done };
        NoticeRules.Dismiss(done, "ann@contoso.com", Told).Refusal!.Code.ShouldBe("NoticeNotPending");
        NoticeRules.Dismiss(Notice(), "ann@contoso.com", Six).IsConflict.ShouldBeTrue();
        NoticeRules.Snooze(Notice(), 15, "ann@contoso.com", Six, Lead, null).Refusal!.Code.ShouldBe("NoticeNotPending");
    }

    private static NoticeDecision Snooze(StopNotice notice, int? minutes, Instant? nextStart = null) =>
        NoticeRules.Snooze(notice, minutes, "ann@contoso.com", Told, Lead, nextStart);

    private static StopNotice Notice() =>
        new(Guid.NewGuid(), Guid.NewGuid(), NoticeKind.ScheduledShutdownPending, Guid.NewGuid(), Six, Six, NoticeState.Pending, "A schedule stops it.", Told);
}
