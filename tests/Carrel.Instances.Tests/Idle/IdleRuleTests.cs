using Carrel.Instances.Idle;
using Carrel.Instances.Lifecycle;
using NodaTime;
using Shouldly;
using Xunit;
using static Carrel.Instances.Tests.Idle.VirtualMachine;

namespace Carrel.Instances.Tests.Idle;

/// <summary>The idle rule on a virtual clock (contract 4.2 to 4.5).</summary>
public sealed class IdleRuleTests
{
    private static readonly Duration Sample = Duration.FromSeconds(60);

    [Fact(DisplayName = "4.T3: An instance nobody ever opened is idle from its start and stops after the period")]
    public void Without_activity_it_stops_after_the_period()
    {
        var machine = new VirtualMachine();

        machine.RunUntil(At(60)).ShouldBe(At(15));
        machine.Last.Reason.ShouldContain("Idle since 2026-11-25T08:00:00Z");
    }

    [Fact(DisplayName = "4.T4: A kernel that was busy until minute 10 lets it stop at minute 25, whether or not its client stays open")]
    public void A_busy_kernel_holds_it_and_its_last_busy_moment_starts_the_clock()
    {
        foreach (var connections in new[] { 0, 1 })
        {
            var machine = new VirtualMachine { Shows = at => Kernel(at, busyUntil: At(10), connections) };

            machine.RunUntil(At(60)).ShouldBe(At(25), $"{connections} connections");
        }
    }

    [Fact(DisplayName = "4.T4: With countOpenConnections a client that stays open until minute 40 lets it stop at minute 55")]
    public void Open_connections_count_where_the_workspace_says_so()
    {
        var machine = new VirtualMachine
        {
            Settings = new IdleSettings(15, new OptionalSignals(OpenConnections: 1)),
            Shows = at => Kernel(at, busyUntil: At(10), connections: at < At(40) ? 1 : 0),
        };

        machine.RunUntil(At(90))!.Value.ShouldBeInRange(At(55), At(55) + Sample);
    }

    [Fact(DisplayName = "4.T4: A terminal that runs a silent command holds it for that hour, an idle open one does not")]
    public void A_terminal_counts_while_a_command_runs_in_it()
    {
        var sleeping = new VirtualMachine { Shows = at => Terminal(at, lastOutput: Start, running: at < At(60)) };
        sleeping.RunUntil(At(120))!.Value.ShouldBeInRange(At(75), At(75) + Sample);

        var open = new VirtualMachine { Shows = at => Terminal(at, lastOutput: Start, running: false) };
        open.RunUntil(At(60)).ShouldBe(At(16), "a minute of grace, then the period");
    }

    [Fact(DisplayName = "4.T5: Idle for 20 minutes under PT30M, PT15M lets it stop 15 minutes after the change")]
    public void A_period_shorter_than_the_accrued_idle_time_begins_anew()
    {
        var machine = new VirtualMachine(30);
        machine.RunUntil(At(20));
        Change(machine, 15);

        machine.RunUntil(At(90)).ShouldBe(At(35));
    }

    [Fact(DisplayName = "4.T6: Idle for 20 minutes under PT30M, PT1H lets it stop 60 minutes after it became idle")]
    public void A_longer_period_lets_the_clock_run()
    {
        var machine = new VirtualMachine(30);
        machine.RunUntil(At(20));
        Change(machine, 60);

        machine.RunUntil(At(90)).ShouldBe(At(60));
    }

    [Fact]
    public void A_period_equal_to_the_accrued_idle_time_stops_it_now()
    {
        var machine = new VirtualMachine(30);
        machine.RunUntil(At(20));
        Change(machine, 20);

        machine.Look(At(20)).Kind.ShouldBe(IdleDecisionKind.Stop);
    }

    [Fact(DisplayName = "4.T7: A job from start to minute 50 keeps it until minute 65, and a second one that waits keeps it too")]
    public void Jobs_count_until_they_have_ended_queued_ones_too()
    {
        var machine = new VirtualMachine { Shows = at => new ActivitySample(at) { Jobs = [new JobSample("one", at < At(50) ? "Running" : "Completed")] } };
        machine.RunUntil(At(120))!.Value.ShouldBeInRange(At(65), At(65) + Sample);

        var queue = new VirtualMachine
        {
            Shows = at => new ActivitySample(at) { Jobs = [new JobSample("one", at < At(50) ? "Running" : "Completed"), new JobSample("two", at < At(100) ? "Queued" : "Canceled")] },
        };
        queue.RunUntil(At(200))!.Value.ShouldBeInRange(At(115), At(115) + Sample);
    }

    [Fact(DisplayName = "4.T8: A custom application keeps it for 3 hours without activity; its removal starts the clock")]
    public void A_custom_application_never_idles_out()
    {
        var machine = new VirtualMachine { Shows = at => new ActivitySample(at) { Applications = at < At(180) ? [new ApplicationSample("rstudio", true)] : [] } };

        machine.RunUntil(At(300))!.Value.ShouldBeInRange(At(195), At(195) + Sample);
    }

    [Fact(DisplayName = "4.T9: A connection of VS Code without activity counts for 3 hours, and then it stops after the period")]
    public void A_silent_connection_of_VS_Code_is_ended_after_3_hours()
    {
        var machine = new VirtualMachine { Shows = at => new ActivitySample(at) { Editors = [new EditorSample("e1", Start)] } };

        ActivityReading.ExpiredEditors(machine.Shows(At(180) - Duration.FromSeconds(1))!).ShouldBeEmpty();
        ActivityReading.ExpiredEditors(machine.Shows(At(180))!).ShouldBe(["e1"]);
        machine.RunUntil(At(300)).ShouldBe(At(195));
    }

    [Fact(DisplayName = "4.T10: An open secure shell session alone does not keep it; where the workspace counts them it does")]
    public void Secure_shell_sessions_do_not_count_by_themselves()
    {
        var machine = new VirtualMachine { Shows = at => new ActivitySample(at) { SecureShellSessions = 2 } };
        machine.RunUntil(At(60)).ShouldBe(At(15));

        machine = new VirtualMachine { Shows = machine.Shows, Settings = new IdleSettings(15, new OptionalSignals(SecureShellSessions: 2)) };
        machine.RunUntil(At(600)).ShouldBeNull();
        machine = new VirtualMachine { Shows = machine.Shows, Settings = new IdleSettings(15, new OptionalSignals(SecureShellSessions: 3)) };
        machine.RunUntil(At(600)).ShouldBe(At(15), "below its threshold");
    }

    [Fact]
    public void Processor_and_GPU_load_count_from_their_threshold_where_the_workspace_says_so()
    {
        ActivitySample Busy(Instant at) => new(at) { ProcessorPercent = at < At(30) ? 40 : 5, GpuPercent = at < At(60) ? 90 : 0 };
        new VirtualMachine { Shows = Busy }.RunUntil(At(60)).ShouldBe(At(15));
        new VirtualMachine { Shows = Busy, Settings = new IdleSettings(15, new OptionalSignals(ProcessorPercent: 20)) }
            .RunUntil(At(90))!.Value.ShouldBeInRange(At(45), At(45) + Sample);
        new VirtualMachine { Shows = Busy, Settings = new IdleSettings(15, new OptionalSignals(ProcessorPercent: 20, GpuPercent: 80)) }
            .RunUntil(At(90))!.Value.ShouldBeInRange(At(75), At(75) + Sample);
    }

    [Fact]
    public void A_load_that_counts_and_cannot_be_measured_freezes_the_clock()
    {
        var machine = new VirtualMachine { Settings = new IdleSettings(15, new OptionalSignals(ProcessorPercent: 20)) };

        machine.RunUntil(At(600)).ShouldBeNull();
        machine.Last.Kind.ShouldBe(IdleDecisionKind.Frozen);
        machine.Last.Reason.ShouldContain("processor load");
    }

    [Fact(DisplayName = "4.T11: An identity without roles skips the stop; once it is Contributor the next sample stops it")]
    public void Without_Contributor_the_stop_is_skipped_and_asked_again_each_sample()
    {
        var machine = new VirtualMachine { Identity = IdentityStanding.Insufficient };
        machine.RunUntil(At(40)).ShouldBeNull();
        machine.Last.Kind.ShouldBe(IdleDecisionKind.Skipped);
        machine.Last.Reason.ShouldStartWith("Skipped: IdentityLacksContributor");
        IdleDecision told = machine.Decisions.Single(look => look.Decision.Kind == IdleDecisionKind.Notice).Decision;
        told.Reason.ShouldContain("Contributor", customMessage: "announced all the same, because the right may be given at any moment");
        told.StopAt.ShouldBe(At(15));

        machine.Identity = IdentityStanding.Sufficient;
        machine.RunUntil(At(60)).ShouldBe(At(41));
    }

    [Fact(DisplayName = "4.T13: A restart at minute 14 of 15 begins the clock anew")]
    public void Entering_Running_begins_the_clock_anew()
    {
        var machine = new VirtualMachine();
        machine.RunUntil(At(14));
        machine.Clock = IdleClock.Started(At(14));

        machine.RunUntil(At(60)).ShouldBe(At(29));
    }

    [Fact(DisplayName = "4.T14: A control plane that was started again at minute 10 still stops it at minute 15")]
    public void A_restart_of_the_control_plane_keeps_the_clock()
    {
        var machine = new VirtualMachine();
        machine.RunUntil(At(10));
        machine.Clock = machine.Clock.ControlPlaneReturned(At(10));

        machine.RunUntil(At(60)).ShouldBe(At(15));
    }

    [Fact]
    public void A_silent_agent_freezes_the_clock_and_never_stops_a_machine_blindly()
    {
        var machine = new VirtualMachine { Shows = at => at > At(10) && at < At(120) ? null : new ActivitySample(at) };

        machine.RunUntil(At(119)).ShouldBeNull();
        machine.Last.Kind.ShouldBe(IdleDecisionKind.Frozen);
        machine.RunUntil(At(200)).ShouldBe(At(125), "the 10 minutes before the silence count, the silence does not");
    }

    [Fact]
    public void Up_to_three_silent_samples_let_the_clock_run_and_stop_nothing()
    {
        var machine = new VirtualMachine { Shows = at => at > At(14) && at < At(17.5) ? null : new ActivitySample(at) };

        machine.RunUntil(At(60)).ShouldBe(At(18));
        machine.Decisions.Where(look => look.Input.Sample is null).ShouldAllBe(look => look.Decision.Kind == IdleDecisionKind.Unheard);
    }

    [Fact]
    public void An_incomplete_sample_counts_what_it_saw_and_never_calls_a_machine_idle()
    {
        var machine = new VirtualMachine { Shows = at => new ActivitySample(at, Complete: false, "Jupyter does not answer.") };
        machine.RunUntil(At(120)).ShouldBeNull();
        machine.Last.Reason.ShouldStartWith("Jupyter does not answer.");

        machine = new VirtualMachine { Shows = at => Terminal(at, at, running: true) with { Complete = false } };
        machine.RunUntil(At(120));
        machine.Last.Kind.ShouldBe(IdleDecisionKind.Active);
    }

    [Theory]
    [InlineData(InstanceState.Starting)]
    [InlineData(InstanceState.SettingUp)]
    [InlineData(InstanceState.UserSettingUp)]
    [InlineData(InstanceState.UserSetupFailed)]
    [InlineData(InstanceState.Unknown)]
    [InlineData(InstanceState.JobRunning)]
    [InlineData(InstanceState.Stopping)]
    public void Only_a_running_instance_is_idle(InstanceState state) =>
        new VirtualMachine { State = state }.RunUntil(At(600)).ShouldBeNull();

    [Fact]
    public void Without_an_idle_time_it_stays_up_and_the_clock_runs_all_the_same()
    {
        var machine = new VirtualMachine(period: null);
        machine.RunUntil(At(300)).ShouldBeNull();
        machine.Last.Kind.ShouldBe(IdleDecisionKind.Off);
        Change(machine, 15);

        machine.RunUntil(At(400)).ShouldBe(At(315), "5 idle hours are more than the new period: nothing stops at once");
    }

    [Fact]
    public void A_kernel_nobody_ever_connected_to_and_one_that_is_starting_do_not_count()
    {
        var machine = new VirtualMachine { Shows = at => new ActivitySample(at) { Kernels = [new KernelSample("k", "python3", "starting", at, 0)] } };

        machine.RunUntil(At(60)).ShouldBe(At(15));
    }

    [Fact]
    public void Keep_awake_always_counts_and_begins_the_idle_time_when_it_ends()
    {
        var machine = new VirtualMachine { KeepAwakeUntil = At(120) };
        machine.RunUntil(At(300)).ShouldBe(At(135));

        machine = new VirtualMachine { Shows = at => new ActivitySample(at) { KeptProcesses = at < At(60) ? [new KeptProcessSample(4711, "train.py", Start)] : [] } };
        machine.RunUntil(At(300))!.Value.ShouldBeInRange(At(75), At(75) + Sample);

        machine = new VirtualMachine { SampleEvery = Duration.FromMinutes(10), Shows = at => new ActivitySample(at) { KeptProcesses = [new KeptProcessSample(1, "init", Start)] } };
        machine.RunUntil(At(8 * 24 * 60)).ShouldBe(At((7 * 24 * 60) + 15), "7 days at most, however long the process lives");
    }

    [Fact]
    public void The_stop_is_announced_before_and_announced_anew_when_it_moves()
    {
        var machine = new VirtualMachine(30) { Shows = at => Kernel(at, busyUntil: at < At(27) ? At(-5) : At(26.5), connections: 0) };

        machine.RunUntil(At(90), IdleDecisionKind.Notice).ShouldBe(At(25), "5 minutes before");
        machine.Last.StopAt.ShouldBe(At(30));
        machine.RunUntil(At(27));
        machine.Clock.AnnouncedStop.ShouldBeNull("a moment of work moved the stop");
        machine.RunUntil(At(90), IdleDecisionKind.Notice).ShouldBe(At(51.5));
        machine.RunUntil(At(90)).ShouldBe(At(56.5));
        machine.Decisions.Count(look => look.Decision.Kind == IdleDecisionKind.Notice).ShouldBe(2);
    }

    [Fact]
    public void A_stop_is_announced_once_though_each_answer_of_the_machine_takes_another_time()
    {
        var machine = new VirtualMachine(30)
        {
            Shows = at => new ActivitySample(at) { Terminals = [new TerminalSample("1", At(1) + Duration.FromMilliseconds(at < At(28) ? 3 : at < At(30) ? 5 : 9), false)] },
        };
        machine.RunUntil(At(90)).ShouldNotBeNull().ShouldBeInRange(At(32), At(32) + Sample);
        machine.Decisions.Count(look => look.Decision.Kind == IdleDecisionKind.Notice).ShouldBe(1);
        machine.Decisions.SkipWhile(look => look.Decision.Kind != IdleDecisionKind.Notice).ShouldAllBe(look => look.Decision.Clock.AnnouncedStop != null);
    }

    [Theory]
    [InlineData(15, 5, 5)]
    [InlineData(15, 10, 5)]
    [InlineData(60, 10, 10)]
    [InlineData(60, 1, 1)]
    public void A_notice_comes_as_long_before_as_was_set_and_never_more_than_a_third_of_the_period(int period, int set, int lead) =>
        new IdleSettings(period, OptionalSignals.None, set).NoticeLead.ShouldBe(Duration.FromMinutes(lead));

    [Fact]
    public void Dismissing_begins_the_clock_anew_and_snoozing_moves_it()
    {
        var machine = new VirtualMachine();
        machine.RunUntil(At(12));
        machine.Clock = machine.Clock.Dismissed(At(12));
        machine.RunUntil(At(90)).ShouldBe(At(27));

        machine = new VirtualMachine();
        machine.RunUntil(At(12));
        machine.Clock = machine.Clock.Snoozed(Duration.FromMinutes(60));
        machine.Look(At(12.5)).Reason.ShouldBe("Idle, and its stop was put off; stops at 2026-11-25T09:15:00Z.", "it was not idle since a time to come");
        machine.RunUntil(At(120)).ShouldBe(At(75));
        machine.Decisions.Last(look => look.Decision.Kind == IdleDecisionKind.Notice).Input.Now.ShouldBe(At(70), "again with a notice");

        machine = new VirtualMachine { Shows = at => Kernel(at, busyUntil: at < At(20) ? At(-1) : At(22), connections: 1) };
        machine.RunUntil(At(12));
        machine.Clock = machine.Clock.Snoozed(Duration.FromMinutes(60));
        machine.RunUntil(At(120)).ShouldBe(At(75), "a moment of work does not shorten what was promised");
    }

    [Fact]
    public void A_stop_that_fails_is_tried_again_every_5_minutes_three_times_and_then_given_up()
    {
        var machine = new VirtualMachine();

        machine.RunUntil(At(90), IdleDecisionKind.GaveUp)!.Value.ShouldBeInRange(At(30), At(31));
        machine.Decisions.Where(look => look.Decision.Kind == IdleDecisionKind.Stop).Select(look => look.Input.Now).ShouldBe([At(15), At(20), At(25), At(30)]);
        var again = machine.Now;
        machine.RunUntil(At(90)).ShouldBe(again + Duration.FromMinutes(15), "the clock has begun anew");
    }

    [Fact]
    public void Work_between_two_attempts_ends_them()
    {
        var machine = new VirtualMachine { Shows = at => Kernel(at, busyUntil: at < At(17) ? At(-1) : At(18), connections: 0) };
        machine.RunUntil(At(90)).ShouldBe(At(15));
        machine.RunUntil(At(90)).ShouldBe(At(33));
    }

    [Fact]
    public void A_reason_names_no_kernel_terminal_or_process()
    {
        var machine = new VirtualMachine
        {
            Shows = at => new ActivitySample(at)
            {
                Kernels = [new KernelSample("secret-id", "secret-kernel", "busy", at, 1)],
                Terminals = [new TerminalSample("secret-terminal", at, true)],
                KeptProcesses = [new KeptProcessSample(7, "secret-process", at)],
                Jobs = [new JobSample("secret-job", "Running")],
                Applications = [new ApplicationSample("secret-application", true)],
            },
        };
        var decision = machine.Look(Start);

        decision.Reason.ShouldNotContain("secret");
        decision.Signals.Select(signal => signal.Detail).ShouldAllBe(detail => !detail.Contains("secret"));
        decision.Reason.ShouldBe("In use: a busy kernel, a terminal at work, a job, a custom application, a process that was to be waited for.");
    }

    private static void Change(VirtualMachine machine, int minutes)
    {
        machine.Clock = machine.Clock.WithPeriod(minutes, machine.Now);
        machine.Settings = machine.Settings with { PeriodMinutes = minutes };
    }

    private static ActivitySample Kernel(Instant at, Instant busyUntil, int connections) => new(at)
    {
        Kernels = [new KernelSample("k1", "python3", at < busyUntil ? "busy" : "idle", at < busyUntil ? Start : busyUntil, connections)],
    };

    private static ActivitySample Terminal(Instant at, Instant lastOutput, bool running) => new(at) { Terminals = [new TerminalSample("1", lastOutput, running)] };
}
