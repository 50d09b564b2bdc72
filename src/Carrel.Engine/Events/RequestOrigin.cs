namespace Carrel.Engine.Events;

/// <summary>The request that an operation goes back to; its events carry it from acceptance to end.</summary>
/// <param name="RequestId">The request's id, or empty when nobody asked.</param>
/// <param name="ClientRequestId">The client's own id of it, or null.</param>
/// <param name="UserAgent">The program that sent it, as it called itself, or null.</param>
public sealed record RequestOrigin(string RequestId, string? ClientRequestId = null, string? UserAgent = null)
{
    /// <summary>No request: the service itself.</summary>
    public static RequestOrigin None { get; } = new("");
}
