using Microsoft.Extensions.Logging;

namespace Carrel.Gateway;

/// <summary>Every log line of the gateway. Numbers 5000 to 5099 are its own. No cookie, token or secret stands in any of them.</summary>
internal static partial class GatewayLog
{
    [LoggerMessage(EventId = 5001, Level = LogLevel.Warning, Message = "Compute instance {Name} at {Address} does not answer: {Error}.")]
    internal static partial void NoAnswer(ILogger log, string name, string address, string error);

    [LoggerMessage(EventId = 5002, Level = LogLevel.Information, Message = "A connection of {User} to compute instance {Name} was ended: it is no longer allowed.")]
    internal static partial void ConnectionEnded(ILogger log, string name, string user);

    [LoggerMessage(EventId = 5003, Level = LogLevel.Error, Message = "Open connections could not be checked; the next round tries again.")]
    internal static partial void SweepFailed(ILogger log, Exception fault);

    [LoggerMessage(EventId = 5010, Level = LogLevel.Information, Message = "A server certificate for {Names} was issued; it is good until {NotAfter}.")]
    internal static partial void CertificateIssued(ILogger log, string names, DateTimeOffset notAfter);

    [LoggerMessage(EventId = 5011, Level = LogLevel.Error, Message = "The server certificate could not be renewed; the old one stays in use until it expires.")]
    internal static partial void RenewalFailed(ILogger log, Exception fault);

    [LoggerMessage(EventId = 5012, Level = LogLevel.Warning, Message = "The kept server certificate is of no use ({Reason}); a new one is issued.")]
    internal static partial void CertificateDiscarded(ILogger log, string reason);

    [LoggerMessage(EventId = 5020, Level = LogLevel.Warning, Message = "Port {Port}, which leads to compute instance {Name} by SSH, is used by another program, and no other one of CARREL_SSH_PORTS is free.")]
    internal static partial void SecureShellPortTaken(ILogger log, int port, string name);

    [LoggerMessage(EventId = 5021, Level = LogLevel.Warning, Message = "Compute instance {Name} is reached by SSH at port {Port} now: another program uses {Former}.")]
    internal static partial void SecureShellPortMoved(ILogger log, string name, int former, int port);

    [LoggerMessage(EventId = 5022, Level = LogLevel.Warning, Message = "Port {Port}, which leads to compute instance {Name} by SSH, cannot be opened: {Error}.")]
    internal static partial void SecureShellPortFailed(ILogger log, int port, string name, string error);

    [LoggerMessage(EventId = 5023, Level = LogLevel.Information, Message = "A connection by SSH to compute instance {Name} was ended: its owner is no longer allowed in.")]
    internal static partial void SecureShellEnded(ILogger log, string name);

    [LoggerMessage(EventId = 5024, Level = LogLevel.Error, Message = "A connection by SSH to compute instance {Name} failed.")]
    internal static partial void SecureShellFailed(ILogger log, string name, Exception fault);

    [LoggerMessage(EventId = 5025, Level = LogLevel.Error, Message = "The ports that lead to instances by SSH could not be looked after; the next round tries again.")]
    internal static partial void SecureShellDoorsFailed(ILogger log, Exception fault);
}
