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

    /// <summary>So many wrong device codes in one window are let through.</summary>
    public const int MostGuesses = 10;

    /// <summary>Length of a window.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    // Swapped as a whole when its minute is over, which also bounds its size.
    private volatile Window _window = new(DateTimeOffset.MinValue);

    /// <summary>Begins an attempt to sign in. It counts as a failure until <see cref="Succeeded"/> takes it back, so that parallel ones count too.</summary>
    /// <returns>Null to go on, or how long to wait.</returns>
    internal TimeSpan? Begin(IPAddress? address) => Begin("sign-in", KeyOf(address), Most);

    /// <summary>Takes an attempt back.</summary>
    internal void Succeeded(IPAddress? address) => TakeBack("sign-in", KeyOf(address));

    /// <summary>Counts a device code that is given out.</summary>
    /// <returns>Null to go on, or how long to wait.</returns>
    internal TimeSpan? BeginDeviceCode(IPAddress? address) => Begin("device code", KeyOf(address), Most);

    /// <summary>Begins an attempt to enter a device's code, as of the address and of the person.</summary>
    /// <returns>Null to go on, or how long to wait.</returns>
    internal TimeSpan? BeginGuess(IPAddress? address, Guid person)
    {
        TimeSpan? ofAddress = Begin("guess", KeyOf(address), MostGuesses), ofPerson = Begin("guess", person.ToString(), MostGuesses);
        return ofAddress ?? ofPerson;
    }

    /// <summary>Takes an attempt to enter a code back.</summary>
    internal void GuessWasRight(IPAddress? address, Guid person)
    {
        TakeBack("guess", KeyOf(address));
        TakeBack("guess", person.ToString());
    }

    /// <summary>Counts a refusal of the token endpoint; tells the log once when an address has too many in a window.</summary>
    /// <returns>Whether it is one of the first, which are written down.</returns>
    internal bool CountTokenFailure(IPAddress? address)
    {
        int count = Count(Current(), "token", KeyOf(address));
        if (count == Most + 1)
            ManyFailures(log, KeyOf(address), Most);
        return count <= Most;
    }

    private TimeSpan? Begin(string kind, string key, int most)
    {
        Window window = Current();
        return Count(window, kind, key) > most ? window.Start + Length - time.GetUtcNow() : null;
    }

    private void TakeBack(string kind, string key) => Current().Counts.AddOrUpdate((kind, key), 0, (_, before) => Math.Max(0, before - 1));

    private static int Count(Window window, string kind, string key) => window.Counts.AddOrUpdate((kind, key), 1, (_, before) => before + 1);

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
        internal ConcurrentDictionary<(string Kind, string Key), int> Counts { get; } = new();
    }
}
