using System.Net;
using Carrel.Instances.Hosting;
using Microsoft.Extensions.Logging;

namespace Carrel.Hosts.Docker;

/// <summary>Every log line of the Docker host, with its number (docs/reference/logs.md).</summary>
internal static partial class HostLog
{
    [LoggerMessage(4001, LogLevel.Information, "Made {Machine} at {Address}")]
    internal static partial void MachineMade(this ILogger logger, MachineSpec machine, string address);

    [LoggerMessage(4002, LogLevel.Warning, "The network {Network} was removed from outside and is made anew")]
    internal static partial void NetworkRemade(this ILogger logger, string network);

    [LoggerMessage(4003, LogLevel.Warning, "{Container} moves from {Present} to {Address}: something else holds its address, or it was taken off its network")]
    internal static partial void MachineMoved(this ILogger logger, string container, string? present, string address);

    [LoggerMessage(4004, LogLevel.Warning, "The host rules of Carrel were gone or changed and stand again")]
    internal static partial void RulesRestored(this ILogger logger);

    [LoggerMessage(4005, LogLevel.Warning, "Network {Network} was not removed: containers that are not of this installation use it")]
    internal static partial void NetworkInUse(this ILogger logger, string network);

    [LoggerMessage(4006, LogLevel.Information, "Made network {Network} on {Subnet}")]
    internal static partial void NetworkMade(this ILogger logger, string network, IPNetwork subnet);

    [LoggerMessage(4007, LogLevel.Information, "{Subnet} is in use ({Reason}); the next one is tried")]
    internal static partial void SubnetInUse(this ILogger logger, IPNetwork subnet, string reason);
}
