using System.Text.Json;
using Carrel.AgentProtocol;
using Carrel.Engine.Commands;
using Carrel.Engine.Idle;
using Carrel.Engine.Operations;
using Carrel.Engine.Storage;
using Carrel.Instances.Idle;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Notices;
using Carrel.Instances.Resources;
using Carrel.TestKit.Engines;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Carrel.Engine.Tests.Idle;

/// <summary>An engine with the instance <c>desk</c> and an activity clock that a test moves; samples are taken when it says so.</summary>
internal sealed class IdleRun : IAsyncDisposable
{
    private readonly EngineHome _home = new();

    private IdleRun()
    {
    }

    internal EngineUnderTest Engine { get; private set; } = null!;

    internal MovableActivityClock Clock { get; } = new();

    /// <summary>What the machine shows; the time of the sample is the clock's.</summary>
    internal Func<Instant, MachineActivity, MachineActivity> Shows { get; set; } = (_, sample) => sample;

    internal ScriptedContributors Contributors => _home.Contributors;

    internal static Instant At(double minutes) => MovableActivityClock.At(minutes);

    internal static async Task<IdleRun> StartAsync(string? idle = "PT15M", string top = "")
    {
        var run = new IdleRun();
        run._home.Agents.Activity = _ => run.Shows(run.Clock.Now, run.Clock.Sample());
        await run.StartServerAsync();
        await run.Engine.AddWorkspaceAsync();
        await run.Engine.RunningAsync("desk", Body(idle, top));
        return run;
    }

    internal static JsonElement Body(string? idle, string top = "") => JsonElement.Parse(
        $$$$"""{{{{{top}}}}"properties":{"computeType":"ComputeInstance","properties":{"vmSize":"STANDARD_DS1_V2"{{{{(idle is null ? "" : $",\"idleTimeBeforeShutdown\":\"{idle}\"")}}}}}}}""");

    /// <summary>The server is stopped and another one takes over.</summary>
    internal async Task RestartServerAsync()
    {
        await Engine.DisposeAsync();
        await StartServerAsync();
    }

    /// <summary>Takes a sample each minute, up to one.</summary>
    internal async Task GoToAsync(double minute, double each = 1)
    {
        for (double at = Math.Floor((Clock.Now - MovableActivityClock.Start).TotalMinutes) + each; at <= minute; at += each)
            await SampleAsync(at);
        Clock.MoveTo(minute);
    }

    /// <summary>Takes one sample.</summary>
    internal async Task SampleAsync(double minute)
    {
        Clock.MoveTo(minute);
        await SampleAsync();
    }

    /// <summary>Takes one sample now.</summary>
    internal Task SampleAsync() => Engine.Get<IdleWatch>().RoundAsync(default);

    /// <summary>The instance.</summary>
    internal async Task<ComputeInstance> DeskAsync() => (await Engine.FindAsync("desk"))!;

    internal async Task ShouldRunAsync(string because) => (await DeskAsync()).State.State.ShouldBe(InstanceState.Running, because);

    /// <summary>A stop by the idle rule was begun, with this clock; waits for its end.</summary>
    internal async Task<ComputeInstance> ShouldStopAsync()
    {
        ComputeInstance stopped = await Engine.UntilAsync("desk", InstanceState.Stopped);
        stopped.State.LastOperation!.Trigger.ShouldBe(OperationTrigger.IdleShutdown);
        return stopped;
    }

    internal async Task ChangeIdleTimeAsync(string? text) => await Engine.Get<InstanceSettings>().UpdateIdleTimeAsync(
        EngineUnderTest.Address("desk"), JsonElement.Parse($$"""{"idleTimeBeforeShutdown":{{(text is null ? "null" : $"\"{text}\"")}}}"""), EngineUnderTest.As(), default);

    internal async Task<IReadOnlyList<StopNotice>> NoticesAsync()
    {
        Guid uid = (await DeskAsync()).Uid;
        return await Engine.Store.ReadAsync(view => view.ListNotices(uid, 100));
    }

    internal async Task<IReadOnlyList<StoredIdleDecision>> DecisionsAsync(int limit = 1000)
    {
        Guid uid = (await DeskAsync()).Uid;
        return await Engine.Store.ReadAsync(view => view.ListIdleDecisions(uid, limit));
    }

    internal Task<IdleExplanation> ExplainAsync() => Engine.Get<IdleExplanations>().ExplainAsync(EngineUnderTest.Address("desk"), default);

    internal Task<Instant?> KeepAwakeAsync(int minutes) => Engine.Get<KeepAwakeCommands>().KeepAwakeAsync(
        EngineUnderTest.Address("desk"), JsonElement.Parse($$"""{"minutes":{{minutes}}}"""), EngineUnderTest.As(), default);

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        _home.Dispose();
    }

    private async Task StartServerAsync() =>
        Engine = await EngineUnderTest.StartAsync(_home, replace: services => services.AddSingleton<ActivityClock>(Clock));
}
