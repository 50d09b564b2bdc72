using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Carrel.Access.SignIn;

/// <summary>Counts failures per client address in fixed windows of a minute. In memory: it slows guessing down, the lock-out stops it.</summary>
public sealed partial class FailureLimits(TimeProvider time, ILogger<FailureLimits> log)
{
    /// <summary>So many failures in one window are let through.</summary>
    public const int Most = 30;

    /// <summary>Length of a window.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    // Swapped as a whole when its minute is over, which also bounds its size.
    private volatile Window _window = new(DateTimeOffset.MinValue);

    /// <summary>Begins an attempt to sign in. It counts as a failure until <see cref="Succeeded"/> takes it back, so that parallel ones count too.</summary>
    /// <returns>Null to go on, or how long to wait.</returns>
    internal TimeSpan? Begin(IPAddress? address)
    {
        Window window = Current();
        int count = window.SignIns.AddOrUpdate(KeyOf(address), 1, (_, before) => before + 1);
        return count > Most ? window.Start + Length - time.GetUtcNow() : null;
    }

    /// <summary>Takes an attempt back.</summary>
    internal void Succeeded(IPAddress? address) => Current().SignIns.AddOrUpdate(KeyOf(address), 0, (_, before) => Math.Max(0, before - 1));

    /// <summary>Counts a refusal of the token endpoint; tells the log once when an address has too many in a window.</summary>
    internal void CountTokenFailure(IPAddress? address)
    {
        if (Current().Tokens.AddOrUpdate(KeyOf(address), 1, (_, before) => before + 1) == Most + 1)
            ManyFailures(log, KeyOf(address), Most);
    }

    private Window Current()
    {
        DateTimeOffset now = time.GetUtcNow();
        Window window = _window;
        if (now >= window.Start && now - window.Start < Length)
            return window;
        // Two threads may swap at once; at worst a few failures are forgotten.
        return _window = new Window(now);
    }

    // One holder of an IPv6 network has 2^64 addresses.
    private static string KeyOf(IPAddress? address)
    {
        if (address is null)
            return "";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 && !IPAddress.IsLoopback(address)
            ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8)) + "::/64"
            : address.ToString();
    }

    [LoggerMessage(EventId = 2002, Level = LogLevel.Warning, Message = "More than {Most} refused token requests within a minute from {Address}.")]
    private static partial void ManyFailures(ILogger log, string address, int most);

    private sealed record Window(DateTimeOffset Start)
    {
        internal ConcurrentDictionary<string, int> SignIns { get; } = new(StringComparer.Ordinal);

        internal ConcurrentDictionary<string, int> Tokens { get; } = new(StringComparer.Ordinal);
    }
}
