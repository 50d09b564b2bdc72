using System.Text.Json;
using Carrel.Engine.Commands;
using Carrel.Engine.Events;
using Carrel.Engine.Operations;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Notices;
using Carrel.Instances.Resources;
using Carrel.Instances.Schedules.Firing;
using Carrel.TestKit.Engines;

namespace Carrel.Engine.Tests.Schedules;

/// <summary>An engine with one instance, <c>desk</c>, on a clock that a test sets: the day is 25 November 2026, in UTC.</summary>
internal sealed class Office : IAsyncDisposable
{
    private Office(EngineUnderTest engine, ShiftedTime clock) => (Engine, Clock) = (engine, clock);

    internal EngineUnderTest Engine { get; private set; }

    internal ShiftedTime Clock { get; }

    internal static DateTimeOffset At(string time) => DateTimeOffset.Parse($"2026-11-25T{time}Z", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A cron schedule as JSON.</summary>
    internal static string Cron(string action, string expression, string more = "") =>
        $$"""{"action":"{{action}}","triggerType":"Cron","cron":{"expression":"{{expression}}"}{{more}}}""";

    /// <summary>Opens with a running instance that has these schedules.</summary>
    internal static async Task<Office> OpenAsync(string time, params string[] schedules)
    {
        var clock = new ShiftedTime(At(time));
        EngineUnderTest engine = await EngineUnderTest.StartAsync(time: clock);
        var office = new Office(engine, clock);
        await engine.AddWorkspaceAsync();
        await engine.RunningAsync("desk", EngineUnderTest.Body(more: $$"""
            "schedules":{"computeStartStop":[{{string.Join(',', schedules)}}]}
            """));
        return office;
    }

    internal void Set(string time) => Clock.Set(At(time));

    internal async Task<ComputeInstance> DeskAsync() => (await Engine.FindAsync("desk"))!;

    internal async Task StopAsync() => await Engine.EndAsync(await Engine.BeginStopAsync("desk"));

    internal async Task UpdateAsync(params string[] schedules) => await Engine.Get<InstanceSettings>().UpdateSchedulesAsync(
        EngineUnderTest.Address("desk"), JsonElement.Parse($$"""{"computeStartStop":[{{string.Join(',', schedules)}}]}"""), EngineUnderTest.As(), default);

    /// <summary>What became of the desk's occurrences, the newest first.</summary>
    internal async Task<IReadOnlyList<ScheduleFiring>> FiringsAsync()
    {
        ComputeInstance desk = await DeskAsync();
        return await Engine.Store.ReadAsync(view => view.ListFirings(desk.Uid, 100));
    }

    /// <summary>Waits until so many occurrences were decided for good.</summary>
    internal async Task<IReadOnlyList<ScheduleFiring>> DecidedAsync(int count = 1)
    {
        IReadOnlyList<ScheduleFiring> firings = [];
        await EngineUnderTest.UntilAsync(
            async () => (firings = await FiringsAsync()).Count(firing => firing.Outcome != FiringOutcome.Deferred) >= count, $"{count} decisions");
        return firings;
    }

    internal async Task<IReadOnlyList<StopNotice>> NoticesAsync()
    {
        ComputeInstance desk = await DeskAsync();
        return await Engine.Store.ReadAsync(view => view.ListNotices(desk.Uid, 100));
    }

    internal async Task<StopNotice> NoticeAsync(Func<StopNotice, bool> which)
    {
        StopNotice? found = null;
        await EngineUnderTest.UntilAsync(async () => (found = (await NoticesAsync()).FirstOrDefault(which)) is not null, "a notice");
        return found!;
    }

    internal async Task<IReadOnlyList<ActivityEvent>> EventsAsync(string words) =>
        [.. (await Engine.Store.ReadAsync(view => view.ListEvents(EngineUnderTest.Address("desk").ResourceId, 1000)))
            .Where(happened => happened.Detail?.Contains(words, StringComparison.Ordinal) == true || happened.Action.Contains(words, StringComparison.Ordinal))];

    /// <summary>Lets the executor look a few times: what is not to happen has had its chance.</summary>
    internal static Task LooksAsync() => Task.Delay(TimeSpan.FromSeconds(2.5));

    internal async Task<Operation> EndAsync(ScheduleFiring firing) =>
        await Engine.EndAsync(await Engine.Store.ReadAsync(view => view.FindOperation(firing.OperationId!.Value)));

    /// <summary>Ends this server, and starts another one at a time.</summary>
    internal async Task RestartAsync(string time)
    {
        EngineHome home = Engine.Home;
        await Engine.CloseAsync();
        Set(time);
        Engine = await EngineUnderTest.StartAsync(home, time: Clock);
    }

    public async ValueTask DisposeAsync()
    {
        EngineHome home = Engine.Home;
        await Engine.CloseAsync();
        home.Dispose();
    }
}
