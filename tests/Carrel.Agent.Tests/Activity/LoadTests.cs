using Carrel.Agent.Activity;
using Carrel.Agent.Tests.Machine;

namespace Carrel.Agent.Tests.Activity;

/// <summary>Processor and GPU load, from the accounts of the kernel and the driver's command.</summary>
public sealed class LoadTests : IDisposable
{
    private readonly MachineTree _tree = new();
    private readonly StandingTime _time = new();

    [Fact]
    public void Processor_load_is_the_share_of_the_quota_used_since_the_sample_before()
    {
        File.WriteAllText(_tree.In("account/cpu.max"), "200000 100000\n");
        Used("usage_usec 1000000\nuser_usec 1\n");
        var load = new ProcessorLoad(_tree.Options(new Uri("http://127.0.0.1/")), _time);
        load.Percent().ShouldBeNull("no time has passed");

        _time.Pass(TimeSpan.FromSeconds(60));
        Used("usage_usec 31000000\nuser_usec 1\n");
        load.Percent().ShouldBe(25, "30 of 120 processor seconds");
        load.Percent().ShouldBe(25, "asked again at once, it is the same answer");
        _time.Pass(TimeSpan.FromSeconds(60));
        load.Percent().ShouldBe(0);
    }

    [Fact]
    public void Processor_load_is_read_from_control_groups_of_version_1_too()
    {
        foreach (var (file, text) in new[] { ("cpuacct/cpuacct.usage", "0\n"), ("cpu/cpu.cfs_quota_us", "50000\n"), ("cpu/cpu.cfs_period_us", "100000\n") })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_tree.In($"account/{file}"))!);
            File.WriteAllText(_tree.In($"account/{file}"), text);
        }

        var load = new ProcessorLoad(_tree.Options(new Uri("http://127.0.0.1/")), _time);
        _time.Pass(TimeSpan.FromSeconds(10));
        File.WriteAllText(_tree.In("account/cpuacct/cpuacct.usage"), "2500000000\n");

        load.Percent().ShouldBe(50, "2.5 of 5 processor seconds");
    }

    [Fact]
    public void Accounts_that_cannot_be_read_give_no_load()
    {
        var load = new ProcessorLoad(_tree.Options(new Uri("http://127.0.0.1/")), _time);
        _time.Pass(TimeSpan.FromSeconds(10));

        load.Percent().ShouldBeNull();
    }

    [Fact]
    public async Task A_machine_without_GPU_has_no_GPU_load_and_one_with_GPUs_that_of_the_busiest()
    {
        var load = new GpuLoad(_tree.Options(new Uri("http://127.0.0.1/")));
        File.WriteAllText(_tree.In("nvidia-smi"), "#!/bin/sh\n[ \"$1\" = --query-gpu=utilization.gpu ] && printf '7\\n[N/A]\\n93\\n'\n");
        File.SetUnixFileMode(_tree.In("nvidia-smi"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        (await load.PercentAsync(TestContext.Current.CancellationToken)).ShouldBeNull("no device");

        File.WriteAllText(_tree.In("dev/nvidia0"), "");
        (await load.PercentAsync(TestContext.Current.CancellationToken)).ShouldBe(93);
    }

    public void Dispose() => _tree.Dispose();

    private void Used(string stat) => File.WriteAllText(_tree.In("account/cpu.stat"), stat);

    private sealed class StandingTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Pass(TimeSpan by) => _ticks += by.Ticks;
    }
}
