using System.Globalization;

namespace Carrel.Agent.Activity;

/// <summary>
/// How much of the processors it may use the machine has used since it was asked before, from the accounts of its control group: version 2
/// (<c>cpu.stat</c>) or 1 (<c>cpuacct.usage</c>).
/// </summary>
internal sealed class ProcessorLoad
{
    // Two askers at nearly the same time get one answer: over less than this a share says little.
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private long _askedAt;
    private double? _usedSeconds;
    private double? _percent;

    /// <summary>Takes the first reading, so that the first answer is a share already.</summary>
    public ProcessorLoad(AgentOptions options, TimeProvider time)
    {
        _folder = options.AccountFolder;
        _time = time;
        _askedAt = time.GetTimestamp();
        _usedSeconds = UsedSeconds();
    }

    /// <summary>Percent, 0 to 100; null when the accounts cannot be read or too little time has passed since the agent's start.</summary>
    public double? Percent()
    {
        lock (_gate)
        {
            var passed = _time.GetElapsedTime(_askedAt);
            if (passed < Shortest)
            {
                return _percent;
            }

            var used = UsedSeconds();
            _percent = used - _usedSeconds is { } spent ? Math.Round(Math.Clamp(100 * spent / (passed.TotalSeconds * Processors()), 0, 100), 1) : null;
            (_askedAt, _usedSeconds) = (_time.GetTimestamp(), used);
            return _percent;
        }
    }

    private double? UsedSeconds() =>
        Number(Line("cpu.stat", "usage_usec ")) is { } microseconds ? microseconds / 1e6
        : Number(Line("cpuacct/cpuacct.usage", "")) is { } nanoseconds ? nanoseconds / 1e9
        : null;

    // What it may use: its quota, or all processors of the host.
    private double Processors() =>
        Line("cpu.max", "")?.Split(' ') is [var quota, var period] && Number(quota) is { } many && Number(period) is > 0 and var each ? many / each
        : Number(Line("cpu/cpu.cfs_quota_us", "")) is > 0 and var allowed && Number(Line("cpu/cpu.cfs_period_us", "")) is > 0 and var length ? allowed / length
        : Environment.ProcessorCount;

    private string? Line(string file, string begin)
    {
        try
        {
            return File.ReadLines(Path.Combine(_folder, file)).FirstOrDefault(line => line.StartsWith(begin, StringComparison.Ordinal))?[begin.Length..].Trim();
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
