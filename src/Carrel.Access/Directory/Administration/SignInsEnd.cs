using Carrel.Access.SignIn;
using Microsoft.Extensions.Logging;

namespace Carrel.Access.Directory.Administration;

/// <summary>
/// What has to follow when the store has ended a principal's sign-ins: what this server remembers of sessions is forgotten, and open connections are
/// closed. Tokens need nothing: how their principal stands is looked at on every use.
/// </summary>
public sealed partial class SignInsEnd(Sessions sessions, IEnumerable<IOpenConnections> connections, ILogger<SignInsEnd> log)
{
    /// <summary>Ends it; immediate.</summary>
    public void Close(Guid objectId)
    {
        sessions.Forget();
        int closed = connections.Sum(open => open.CloseUser(objectId));
        if (closed > 0)
            ConnectionsClosed(log, objectId, closed);
    }

    [LoggerMessage(EventId = 2003, Level = LogLevel.Information, Message = "The sign-ins of {ObjectId} were ended, and {Closed} open connections with them.")]
    private static partial void ConnectionsClosed(ILogger log, Guid objectId, int closed);
}
