using Carrel.Access.Directory;
using Carrel.Arm.Audit;
using Microsoft.AspNetCore.Http;

namespace Carrel.Access.Authority.Device;

/// <summary>What a device is given to begin with.</summary>
/// <param name="Code">The device code.</param>
/// <param name="UserCode">What the person types.</param>
/// <param name="Lifetime">How long both are good.</param>
/// <param name="Interval">How long the device waits between questions.</param>
public sealed record DeviceStart(string Code, string UserCode, TimeSpan Lifetime, TimeSpan Interval);

/// <summary>Signs devices without a browser in (RFC 8628).</summary>
public sealed class DeviceCodes(IDeviceCodeStore store, TimeProvider time)
{
    /// <summary>How long a code is good.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan FirstInterval = TimeSpan.FromSeconds(5);

    /// <summary>A device begins to wait.</summary>
    public async Task<DeviceStart> BeginAsync(string clientId, string scope, HttpContext context)
    {
        DateTimeOffset now = time.GetUtcNow();
        while (true)
        {
            string code = ClientSecrets.Create(), userCode = UserCode.Create();
            var waiting = new DeviceCode(
                ClientSecrets.Hash(code),
                UserCode.HashOf(userCode)!,
                clientId,
                scope,
                context.Connection.RemoteIpAddress is { } address ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString() : "",
                AuditText.Shorten(context.Request.Headers.UserAgent.ToString()) ?? "",
                now,
                now + Lifetime,
                null,
                FirstInterval,
                null,
                null);
            // An expired one is kept for a while, so that the device is told that it is late.
            if (await store.TryAddAsync(waiting, now - Lifetime, context.RequestAborted))
                return new DeviceStart(code, userCode, Lifetime, FirstInterval);
        }
    }

    /// <summary>Finds the device that waits for a typed code; null when it is unknown, expired or answered.</summary>
    public async Task<DeviceCode?> FindAsync(string? typed, CancellationToken cancellation) =>
        UserCode.HashOf(typed) is { } hash && await store.FindAsync(hash, cancellation) is { Answer: null } code && time.GetUtcNow() < code.ExpiresAt ? code : null;

    /// <summary>Keeps a person's answer.</summary>
    /// <returns>False when it came too late.</returns>
    public Task<bool> TryAnswerAsync(DeviceCode code, DeviceAnswer answer, DirectoryUser user, CancellationToken cancellation) =>
        store.TryAnswerAsync(code.UserCodeHash, answer, user.ObjectId, time.GetUtcNow(), cancellation);

    /// <summary>A device asks for the answer.</summary>
    public async Task<(DevicePoll Poll, DeviceCode? Code)> PollAsync(string code, string clientId, CancellationToken cancellation) => code.Length == 43
        ? await store.PollAsync(ClientSecrets.Hash(code), clientId, time.GetUtcNow(), cancellation)
        : (DevicePoll.Unknown, null);
}
