using Carrel.Engine.Operations;

namespace Carrel.Engine.Tests.Operations;

/// <summary>What wakes the worker.</summary>
public sealed class OperationSignalTests
{
    private static readonly TimeSpan ForEver = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_signal_that_was_raised_before_ends_the_next_wait_and_only_that()
    {
        var signal = new OperationSignal(TimeProvider.System);
        signal.Raise();
        signal.Raise();
        await signal.WaitAsync(ForEver, default);
        Task second = signal.WaitAsync(ForEver, default);
        second.IsCompleted.ShouldBeFalse();
        signal.Raise();
        await second.WaitAsync(TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task A_wait_ends_at_its_limit_by_the_clock_it_was_given()
    {
        var clock = new StandingClock();
        Task wait = new OperationSignal(clock).WaitAsync(TimeSpan.FromSeconds(2), default);
        wait.IsCompleted.ShouldBeFalse();
        clock.Limit.ShouldBe(TimeSpan.FromSeconds(2));
        clock.Ring();
        await wait.WaitAsync(TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task A_canceled_wait_says_so()
    {
        using var stop = new CancellationTokenSource();
        Task wait = new OperationSignal(TimeProvider.System).WaitAsync(ForEver, stop.Token);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => wait);
    }

    // One timer, which rings when the test says so.
    private sealed class StandingClock : TimeProvider, ITimer
    {
        private Action _ring = () => { };

        internal TimeSpan Limit { get; private set; }

        internal void Ring() => _ring();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (Limit, _ring) = (dueTime, () => callback(state));
            return this;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
