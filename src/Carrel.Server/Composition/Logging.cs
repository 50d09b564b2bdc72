using Microsoft.Extensions.Logging.Console;

namespace Carrel.Server.Composition;

/// <summary>One line an entry, with the time in UTC; the framework speaks only when something is wrong.</summary>
internal static class Logging
{
    internal static void AddCarrelLogging(this WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information).AddFilter("Yarp", LogLevel.Error);
    }
}
