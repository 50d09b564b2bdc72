namespace Carrel.Access.Authority.Device;

/// <summary>What a person said to a device's request.</summary>
public enum DeviceAnswer
{
    /// <summary>It was me.</summary>
    Confirmed,

    /// <summary>It was not.</summary>
    Denied,
}

/// <summary>A device that waits for a person to sign it in elsewhere (RFC 8628).</summary>
/// <param name="Hash">Lower-case hex SHA-256 of the device code; also the id of the grant that comes from it.</param>
/// <param name="UserCodeHash">The same of the code that the person types.</param>
/// <param name="ClientId">Which client asks.</param>
/// <param name="Scope">Scopes asked for.</param>
/// <param name="Address">Client address it asked from, for the person to recognise.</param>
/// <param name="UserAgent">What it calls itself, likewise.</param>
/// <param name="CreatedAt">When it asked.</param>
/// <param name="ExpiresAt">From then on it is refused.</param>
/// <param name="PolledAt">When it last asked for the answer.</param>
/// <param name="Interval">How long it has to wait between two such questions.</param>
/// <param name="Answer">What the person said; null while nobody has.</param>
/// <param name="UserObjectId">Who said it.</param>
public sealed record DeviceCode(
    string Hash,
    string UserCodeHash,
    string ClientId,
    string Scope,
    string Address,
    string UserAgent,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? PolledAt,
    TimeSpan Interval,
    DeviceAnswer? Answer,
    Guid? UserObjectId);

/// <summary>What a device that asks is told.</summary>
public enum DevicePoll
{
    /// <summary>The person has confirmed: here are the tokens. The code is used up.</summary>
    Confirmed,

    /// <summary>Nobody has answered yet.</summary>
    Pending,

    /// <summary>Nobody has answered yet, and it asks too often: wait five seconds longer from now on.</summary>
    SlowDown,

    /// <summary>Too late.</summary>
    Expired,

    /// <summary>The person refused.</summary>
    Denied,

    /// <summary>No such code, or another client's.</summary>
    Unknown,
}

/// <summary>The rule that every store applies inside its atomic step. Pure.</summary>
public static class DevicePollRule
{
    /// <summary>How much longer a device that asks too often has to wait (RFC 8628, 3.5).</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    // Networks are not exact.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(500);

    /// <summary>Decides what a device is told.</summary>
    public static DevicePoll Decide(DeviceCode code, string clientId, DateTimeOffset now)
    {
        if (code.ClientId != clientId)
            return DevicePoll.Unknown;
        if (now >= code.ExpiresAt)
            return DevicePoll.Expired;
        return code.Answer switch
        {
            DeviceAnswer.Confirmed => DevicePoll.Confirmed,
            DeviceAnswer.Denied => DevicePoll.Denied,
            _ => code.PolledAt is { } last && now - last < code.Interval - Tolerance ? DevicePoll.SlowDown : DevicePoll.Pending,
        };
    }
}

/// <summary>Where waiting devices are kept. Every method is one atomic step.</summary>
public interface IDeviceCodeStore
{
    /// <summary>Keeps a device that begins to wait, and drops those that expired before the instant given.</summary>
    /// <returns>False when the user code is taken.</returns>
    Task<bool> TryAddAsync(DeviceCode code, DateTimeOffset expiredBefore, CancellationToken cancellation);

    /// <summary>Finds the device of a user code, answered or not.</summary>
    Task<DeviceCode?> FindAsync(string userCodeHash, CancellationToken cancellation);

    /// <summary>Keeps a person's answer.</summary>
    /// <returns>False when there is one already, or the code is gone or expired.</returns>
    Task<bool> TryAnswerAsync(string userCodeHash, DeviceAnswer answer, Guid userObjectId, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>A device asks for the answer: decides by <see cref="DevicePollRule"/>, and uses the code up with a final one.</summary>
    Task<(DevicePoll Poll, DeviceCode? Code)> PollAsync(string hash, string clientId, DateTimeOffset now, CancellationToken cancellation);
}
