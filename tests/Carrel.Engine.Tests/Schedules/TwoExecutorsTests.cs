using System.Data.Common;
using Carrel.Engine.Storage;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Notices;
using Carrel.Instances.Resources;
using Carrel.Instances.Schedules.Firing;
using Carrel.Instances.Specs;
using Carrel.Store;
using Carrel.Store.Sqlite;
using Carrel.TestKit.Engines;
using Carrel.TestKit.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using NodaTime;
using static Carrel.Engine.Tests.Schedules.Office;

namespace Carrel.Engine.Tests.Schedules;

/// <summary>Two servers' executors on one store file, ten thousand stops in one minute, and one server that dies in the middle of them.</summary>
public sealed class TwoExecutorsTests
{
    private const int Instances = 10_000;

    [Fact]
    public async Task Ten_thousand_firings_of_one_minute_happen_exactly_once_each_although_one_of_two_servers_dies()
    {
        using var home = new EngineHome();
        var clock = new ShiftedTime(At("17:58:00"));
        await using SqliteDatabase first = SqliteDatabase.Open(home.Database, clock);
        await using SqliteDatabase second = SqliteDatabase.Open(home.Database, clock);
        await FillAsync(first);
        // The one that has decided on three in ten first dies: one decision is durable and its answer lost, those behind it are undone, and then it says nothing more.
        // Which one that is, is up to the machine.
        var fate = new Fate();
        var left = new MortalDatabase(first, Instances * 3 / 10, fate);
        var right = new MortalDatabase(second, Instances * 3 / 10, fate);
        using IHost one = await StartAsync(home, left, clock);
        using IHost other = await StartAsync(home, right, clock);
        // All of them are near already, and none is to come before it was announced.
        await UntilAsync(async () => await CountAsync(second, "stop_notices") == Instances);

        clock.Set(At("17:59:59"));
        await UntilAsync(async () => await CountAsync(second, "firings") == Instances);
        (left.IsDead ^ right.IsDead).ShouldBeTrue("one server was to die in the middle");
        await StopAsync(one);
        await StopAsync(other);

        (await CountAsync(second, "operations WHERE kind = 'Stop' AND trigger = 'Schedule'")).ShouldBe(Instances);
        (await CountAsync(second, "(SELECT DISTINCT target_uid FROM operations)")).ShouldBe(Instances);
        (await CountAsync(second, "events WHERE action LIKE '%stop/action'")).ShouldBe(Instances);
        (await CountAsync(second, "firings WHERE outcome = 'Ran' AND operation_id IN (SELECT id FROM operations)")).ShouldBe(Instances);
        // Each was announced once too, whoever did it.
        (await CountAsync(second, "events WHERE action = 'Carrel/ScheduledShutdownPending'")).ShouldBe(Instances);
        (await CountAsync(second, "stop_notices WHERE state = 'Done'")).ShouldBe(Instances);
        (await new Store.Engine.EngineStore(second).ReadAsync(view => view.ListInstances())).ShouldAllBe(instance => instance.State.State == InstanceState.Stopping);
    }

    private static async Task StopAsync(IHost server)
    {
        try
        {
            await server.StopAsync();
        }
        catch (DeadServerException)
        {
            // It is dead.
        }
    }

    private static async Task FillAsync(IDatabase database)
    {
        var store = new Store.Engine.EngineStore(database);
        var ann = EngineUnderTest.Ann;
        Instant now = Instant.FromDateTimeOffset(At("12:00:00"));
        var workspace = new Workspace(
            Guid.NewGuid(), new WorkspaceAddress(EngineUnderTest.Subscription, "team", "lab"), "local", new WorkspaceModel(new Dictionary<string, string>(), null, null, null, "None", "{}"), false, ann, now, ann, now, 1);
        await store.WriteAsync(transaction =>
        {
            transaction.Insert(workspace);
            for (int index = 0; index < Instances; index++)
            {
                var stop = new ScheduleModel(Guid.NewGuid(), ScheduleStatus.Enabled, ScheduleAction.Stop, new CronModel(null, null, "UTC", "0 18 * * *"), null, now);
                transaction.Insert(
                    new ComputeInstance(
                        Guid.NewGuid(), workspace.Uid, EngineUnderTest.Address($"desk{index}x"), "local", new ComputeInstanceModel("STANDARD_DS1_V2") { Schedules = [stop] },
                        new ComputeInstanceState(InstanceState.Running, ProvisioningState.Succeeded), ann, now, ann, now, ann.ObjectId, "ann", 1),
                    "standardDSv2Family",
                    1);
            }

            return true;
        });
    }

    // The executor alone: what it begins stays begun, so that it can be counted.
    private static async Task<IHost> StartAsync(EngineHome home, IDatabase database, TimeProvider clock)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        EngineUnderTest.AddTo(builder.Services, home, database, new InMemoryInstanceHost(home.Installation, home.Machines, clock), options => options with { OnlyServer = false });
        builder.Services.AddSingleton(clock);
        foreach (ServiceDescriptor service in builder.Services.Where(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Name != "ScheduleExecutor").ToList())
            builder.Services.Remove(service);
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static Task<long> CountAsync(IDatabase database, string from) => database.ReadAsync(connection =>
    {
        using DbCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own words.
        command.CommandText = "SELECT COUNT(*) FROM " + from;
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
    });

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (int look = 0; !await holds(); look++)
        {
            look.ShouldBeLessThan(600, "it did not come to that in time");
            await Task.Delay(500);
        }
    }

    private sealed class DeadServerException() : Exception("This server is dead.");

    /// <summary>Takes one server and no other.</summary>
    private sealed class Fate
    {
        private MortalDatabase? _dead;

        internal bool Takes(MortalDatabase server) => Interlocked.CompareExchange(ref _dead, server, null) is null;
    }

    /// <summary>The store as a server sees it that may die at one of its firings.</summary>
    private sealed class MortalDatabase(IDatabase database, int diesAt, Fate fate) : IDatabase
    {
        private int _fired;

        internal bool IsDead { get; private set; }

        public Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellation) =>
            IsDead ? Task.FromException<T>(new DeadServerException()) : database.ReadAsync(read, cancellation);

        public async Task<T> WriteAsync<T>(Func<DbConnection, DbTransaction, T> write, CancellationToken cancellation)
        {
            T answer = await database.WriteAsync(
                (connection, transaction) =>
                {
                    T done = IsDead ? throw new DeadServerException() : write(connection, transaction);
                    if (done is ScheduleFiring && ++_fired == diesAt && fate.Takes(this))
                        IsDead = true;
                    return done;
                },
                cancellation);
            return IsDead ? throw new DeadServerException() : answer;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
