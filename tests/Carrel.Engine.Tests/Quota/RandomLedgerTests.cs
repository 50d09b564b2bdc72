using Carrel.Engine.Commands;
using Carrel.Engine.Operations;
using Carrel.Engine.Storage;
using Carrel.Instances.Hosting;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Quota;
using Carrel.Instances.Resources;
using Carrel.TestKit.Engines;

namespace Carrel.Engine.Tests.Quota;

/// <summary>Whatever parallel callers do, the ledger says what there is.</summary>
public sealed class RandomLedgerTests
{
    private const int Callers = 4;
    private const int CallsEach = 15;
    private const int Limit = 11;
    private static readonly (string Name, int Cores)[] Sizes = [("STANDARD_DS1_V2", 1), ("STANDARD_DS2_V2", 2), ("STANDARD_DS3_V2", 4)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Under_random_parallel_calls_the_ledger_equals_what_exists_and_no_limit_is_passed(int seed)
    {
        await using EngineUnderTest engine = await LedgerTests.WithLimitsAsync(
            new QuotaSetting(QuotaKind.Family, "standardDSv2Family", null, Limit), new QuotaSetting(QuotaKind.ComputeCount, "", null, 5));
        var faults = new Random(seed);
        engine.Host.BeforeVerb = (verb, _) =>
        {
            lock (faults)
                return verb == "StartMachineAsync" && faults.Next(6) == 0 ? throw new HostRefusedException("MachineCannotStart", "By chance.") : Task.CompletedTask;
        };

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random((seed * 100) + caller);
            for (int call = 0; call < CallsEach; call++)
            {
                await CallAsync(engine, random, "desk" + "abcdef"[random.Next(6)]);
                await CheckAsync(engine);
            }
        })));
        await EngineUnderTest.UntilAsync(() => engine.Store.ReadAsync(view => view.ListInstances().All(instance => view.FindRunningOperation(instance.Uid) is null)), "every operation");
        await CheckAsync(engine);
    }

    private static async Task CallAsync(EngineUnderTest engine, Random random, string name)
    {
        string size = Sizes[random.Next(Sizes.Length)].Name;
        string? released = random.Next(2) == 0 ? "\"releaseQuotaOnStop\":true" : null;
        try
        {
            Operation? operation = random.Next(6) switch
            {
                0 or 1 => (await engine.PutAsync(name, EngineUnderTest.Body(size, released))).Operation,
                2 => await engine.BeginStopAsync(name),
                3 => await engine.BeginStartAsync(name),
                4 => await engine.BeginRestartAsync(name),
                _ => await engine.BeginDeleteAsync(name),
            };
            if (operation is not null && random.Next(3) > 0)
                await engine.EndAsync(operation);
        }
        catch (RefusedException)
        {
            // Not in this state, no such instance, or no cores left: all of them are answers.
        }
    }

    // Inside the writer nothing is written meanwhile: what is read belongs together.
    private static async Task CheckAsync(EngineUnderTest engine)
    {
        (ComputeInstance Instance, int Cores)[] held = await engine.Store.WriteAsync(view => view.CoresOfInstances(EngineUnderTest.Subscription, "local")
            .Select(use => (view.FindInstance(use.Address)!, use.Cores)).ToArray());
        held.Sum(one => one.Cores).ShouldBeLessThanOrEqualTo(Limit);
        held.Length.ShouldBeLessThanOrEqualTo(5);
        foreach ((ComputeInstance instance, int cores) in held)
        {
            int nominal = Sizes.Single(size => size.Name == instance.Model.VmSize).Cores;
            // A deletion that took the place of a start may find the cores taken already.
            int[] right = !instance.Model.ReleaseQuotaOnStop ? [nominal]
                : instance.State.State switch
                {
                    InstanceState.Stopped => [0],
                    InstanceState.Deleting => [0, nominal],
                    _ => [nominal],
                };
            right.ShouldContain(cores, $"{instance.Address.Name} {instance.State.State} {instance.Model.VmSize}");
        }
    }
}
