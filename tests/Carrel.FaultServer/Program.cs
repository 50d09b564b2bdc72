using System.Diagnostics;
using Carrel.Engine.Idle;
using Carrel.Engine.Operations;
using Carrel.Instances.Lifecycle;
using Carrel.Server.Composition;
using Carrel.Server.Configuration;

// The real server, which dies as by a power failure at one recorded step: CARREL_FAULT is "KIND:STEP:before" or "KIND:STEP:after" the record. With
// CARREL_ACTIVITY_RATE its clock of samples and idle times runs so many times as fast.
if (args is ["purge"])
    return await Carrel.Server.CarrelServer.RunAsync(args, Environment.GetEnvironmentVariable, Console.Error);
string? fault = Environment.GetEnvironmentVariable("CARREL_FAULT");
await CarrelApplication.RunAsync(
    ServerOptions.Read(Environment.GetEnvironmentVariable),
    services =>
    {
        services.AddSingleton<IOperationJournal>(provider => new DyingJournal(ActivatorUtilities.CreateInstance<OperationJournal>(provider), fault));
        if (FastActivityClock.Rate is { } rate)
            services.AddSingleton<ActivityClock>(provider => new FastActivityClock(provider.GetRequiredService<TimeProvider>(), rate));
    });
return 0;

internal sealed class DyingJournal(IOperationJournal inner, string? fault) : IOperationJournal
{
    public async Task RecordStepAsync(Operation operation, string step, InstanceState? reached, CancellationToken cancellation)
    {
        Die($"{operation.Kind}:{step}:before");
        await inner.RecordStepAsync(operation, step, reached, cancellation);
        Die($"{operation.Kind}:{step}:after");
    }

    private void Die(string point)
    {
        if (point == fault)
            Process.GetCurrentProcess().Kill();
    }
}
