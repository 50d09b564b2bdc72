using System.Collections.Concurrent;
using System.Globalization;
using Carrel.Engine;
using Carrel.Engine.Events;
using Carrel.Engine.Notices;
using Carrel.Engine.Operations;
using Carrel.Engine.Quota;
using Carrel.Engine.Schedules;
using Carrel.Engine.Storage;
using Carrel.Instances.Resources;
using Carrel.Instances.Schedules.Firing;
using Carrel.Instances.Sizes;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Quartz;
using Quartz.Impl;

namespace Carrel.Bench.Schedules;

/// <summary>
/// The executor over a store file with 100,000 schedules: time and memory to load them, and how late 10,000 firings of one instant are recorded, each durable with the
/// operation it begins, while somebody writes beside them as calls of the API do. Beside it Quartz.NET's scheduler with its store in memory, which keeps nothing:
/// 100,000 triggers, 10,000 jobs of that instant that do nothing.
/// </summary>
internal static class Executing
{
    private static readonly Duration Ahead = Duration.FromSeconds(20);

    internal static async Task RunAsync(TextWriter output)
    {
        // The other work of the machine is part of every figure.
        output.WriteLine($"  load of the machine before: {(await File.ReadAllTextAsync("/proc/loadavg")).Trim()}, {Environment.ProcessorCount} processors");
        // One after the other: both want all processors.
        List<double> ours = await CarrelAsync(output);
        List<double> theirs = await QuartzAsync(output);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {StoredSchedules.DueAtOnce} due at one instant, lateness ms   carrel p50 {At(ours, 0.5):0} p99 {At(ours, 0.99):0} (durable)   Quartz p50 {At(theirs, 0.5):0} p99 {At(theirs, 0.99):0} (in memory)   ratio of p99 {At(ours, 0.99) / At(theirs, 0.99):0.00}"));
    }

    private static async Task<List<double>> CarrelAsync(TextWriter output)
    {
        var time = new ClockBefore();
        Instant due = Instant.FromUnixTimeSeconds((Now(time) + Duration.FromHours(1)).ToUnixTimeSeconds());
        await using StoredSchedules stored = await StoredSchedules.MakeAsync(Now(time), due);
        var store = new WatchedStore(stored.Store, time);
        var options = new EngineOptions { SharesFolder = "/", Notices = new NoticeOptions { ScheduledLead = Duration.FromMinutes(1) } };
        var notices = new StopNotices(options, new NoticeSignal(time));

        long before = GC.GetTotalMemory(true);
        long begun = time.GetTimestamp();
        var follower = new ScheduleFollower(store, time, NullLogger<ScheduleFollower>.Instance);
        await follower.BeginAsync(default);
        await follower.FillAsync((_, _) => Task.CompletedTask, default);
        TimeSpan took = time.GetElapsedTime(begun);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  read from the store: {follower.Firings.Count} schedules in {took.TotalMilliseconds:0} ms, {(GC.GetTotalMemory(true) - before) / (double)follower.Firings.Count:0} bytes each with the view for notices"));

        var executor = new ScheduleExecutor(
            store, new ScheduleFollower(store, time, NullLogger<ScheduleFollower>.Instance), new StopWarner(store, notices, options, NullLogger<StopWarner>.Instance), new Firings(new QuotaLedger(VmSizeCatalogue.Default)), new OperationSignal(time), options, time, NullLogger<ScheduleExecutor>.Instance);
        time.Set(due - Duration.FromSeconds(40));
        await executor.StartAsync(default);
        while (Now(time) < due)
            await Task.Delay(1);
        double processor = Environment.CpuUsage.TotalTime.TotalMicroseconds;
        List<double> calls = await CallsAsync(stored, time, () => store.Late.Count < StoredSchedules.DueAtOnce);
        processor = Environment.CpuUsage.TotalTime.TotalMicroseconds - processor;
        await executor.StopAsync(default);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  lateness ms p50 {At([.. store.Late], 0.5):0} p99 {At([.. store.Late], 0.99):0}, processor time {processor / StoredSchedules.DueAtOnce:0} us per firing, the calls beside them included"));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {calls.Count} writes of others meanwhile, ms each   p50 {At(calls, 0.5):0} p99 {At(calls, 0.99):0} max {At(calls, 1):0}"));
        return [.. store.Late];
    }

    // A change of a setting every 20 ms, whether or not the one before was answered: what each waits is what a user waits.
    private static async Task<List<double>> CallsAsync(StoredSchedules stored, TimeProvider time, Func<bool> goesOn)
    {
        List<Task<double>> calls = [];
        while (goesOn())
        {
            calls.Add(CallAsync(stored, calls.Count, time));
            await Task.Delay(20);
        }

        return [.. await Task.WhenAll(calls)];
    }

    private static async Task<double> CallAsync(StoredSchedules stored, int number, TimeProvider time)
    {
        long begun = time.GetTimestamp();
        await stored.Store.WriteAsync(
            transaction =>
            {
                ComputeInstance instance = transaction.FindInstance(StoredSchedules.QuietAddress(number))!;
                transaction.Update(instance with { Model = instance.Model with { IdleMinutes = 30 }, ModifiedOn = Now(time) });
                transaction.Append(new ActivityEvent(
                    Now(time), instance.CreatedBy, "Microsoft.MachineLearningServices/workspaces/computes/updateIdleShutdownSetting/action", instance.Address.ResourceId, "Succeeded", "User", "The idle time was changed.", "", ""));
                return true;
            },
            default);
        return time.GetElapsedTime(begun).TotalMilliseconds;
    }

    private static async Task<List<double>> QuartzAsync(TextWriter output)
    {
        NoJob.Late.Clear();
        long before = GC.GetTotalMemory(true);
        long begun = TimeProvider.System.GetTimestamp();
        IScheduler scheduler = await new StdSchedulerFactory(new System.Collections.Specialized.NameValueCollection { ["quartz.threadPool.maxConcurrency"] = "64" }).GetScheduler();
        var triggers = new Dictionary<IJobDetail, IReadOnlyCollection<ITrigger>>();
        DateTimeOffset due = TimeProvider.System.GetUtcNow().AddSeconds(Ahead.TotalSeconds);
        foreach ((string expression, int index) in Expressions.Make(StoredSchedules.Instances * 4).Select((text, index) => (text.Quartz, index)))
        {
            TriggerBuilder trigger = TriggerBuilder.Create().WithIdentity($"t{index}");
            trigger = index < StoredSchedules.DueAtOnce ? trigger.StartAt(due) : trigger.StartAt(due.AddYears(4)).WithCronSchedule(expression);
            triggers[JobBuilder.Create<NoJob>().WithIdentity($"j{index}").Build()] = [trigger.Build()];
        }

        await scheduler.ScheduleJobs(triggers, replace: true);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  Quartz's scheduler: {triggers.Count} triggers in {TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds:0} ms, {(GC.GetTotalMemory(true) - before) / (double)triggers.Count:0} bytes each"));
        await scheduler.Start();
        while (NoJob.Late.Count < StoredSchedules.DueAtOnce)
            await Task.Delay(100);
        await scheduler.Shutdown(true);
        return [.. NoJob.Late];
    }

    private static double At(List<double> values, double part)
    {
        values.Sort();
        return values[(int)((values.Count - 1) * part)];
    }

    private static Instant Now(TimeProvider time) => Instant.FromDateTimeOffset(time.GetUtcNow());

    /// <summary>Notes how late each firing was durable.</summary>
    private sealed class WatchedStore(IEngineStore store, TimeProvider time) : IEngineStore
    {
        internal ConcurrentBag<double> Late { get; } = [];

        public long Changes => store.Changes;

        public Task<T> ReadAsync<T>(Func<IEngineView, T> read, CancellationToken cancellation) => store.ReadAsync(read, cancellation);

        public async Task<T> WriteAsync<T>(Func<IEngineTransaction, T> write, CancellationToken cancellation)
        {
            T done = await store.WriteAsync(write, cancellation);
            if (done is ScheduleFiring firing)
                Late.Add((Now(time) - firing.Due).TotalMilliseconds);
            return done;
        }
    }

    /// <summary>The real clock, set so that the instant comes as soon as the file is made.</summary>
    private sealed class ClockBefore : TimeProvider
    {
        private TimeSpan _ahead;

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _ahead;

        internal void Set(Instant now) => _ahead = now.ToDateTimeOffset() - System.GetUtcNow();
    }

    private sealed class NoJob : IJob
    {
        internal static ConcurrentBag<double> Late { get; } = [];

        public Task Execute(IJobExecutionContext context)
        {
            Late.Add((TimeProvider.System.GetUtcNow() - context.ScheduledFireTimeUtc!.Value).TotalMilliseconds);
            return Task.CompletedTask;
        }
    }
}
