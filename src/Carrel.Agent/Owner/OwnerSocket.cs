using System.Buffers.Binary;
using System.Net.Sockets;
using Carrel.Agent.Files;
using Carrel.Agent.Http;
using Carrel.Agent.Lines;
using Carrel.AgentProtocol.Identity;
using Carrel.AgentProtocol.Lines;
using Microsoft.AspNetCore.Connections.Features;

namespace Carrel.Agent.Owner;

/// <summary>
/// Single sign-on (contract 9.2): the owner's token for the machine's user, over a socket that only that user may open. The kernel says who is at its
/// other end; nothing is kept here, and the server is asked each time.
/// </summary>
internal sealed class OwnerSocket(AgentOptions options, ServerCalls calls) : IAsyncDisposable
{
    private const UnixFileMode OwnerAndGroup = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;

    private const int MostConnections = 16;
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(5);

    private TokenListener? _listener;

    /// <summary>Listens.</summary>
    public async Task StartAsync()
    {
        File.Delete(options.OwnerSocket);
        try
        {
            _listener = await TokenListener.StartAsync((kestrel, how) => kestrel.ListenUnixSocket(options.OwnerSocket, how), MostConnections, KeepAlive, AnswerAsync);
            FileOwner.GiveToGroup(options.OwnerSocket, options.UserId);
            File.SetUnixFileMode(options.OwnerSocket, OwnerAndGroup);
        }
        catch (IOException failure)
        {
            await options.Log.WriteLineAsync($"no single sign-on: {failure.Message}");
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _listener?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<(int Status, string Body)> AnswerAsync(HttpContext context)
    {
        if (PeerOf(context) is not { } user || (user != options.UserId && user != 0))
        {
            return Refused(new IdentityRefusal(403, "access_denied", "Only the machine's own user gets the owner's token."));
        }

        if (context.Request.Method != "GET" || context.Request.Path != "/token")
        {
            return Refused(IdentityRefusal.UnknownPath);
        }

        if (context.Request.Query["resource"] is not [{ Length: > 0 and <= 512 } resource])
        {
            return Refused(IdentityRefusal.InvalidRequest("The parameter 'resource' must say, once, for whom the token is to be."));
        }

        return await calls.AskAsync(new MachineCall(0, MachineCallKinds.OwnerToken) { Resource = resource }, context.RequestAborted) is { Status: >= 200 and < 600 } answer
            ? (answer.Status, answer.Body)
            : Refused(IdentityRefusal.Failed);
    }

    // struct ucred: process, user, group.
    private static uint? PeerOf(HttpContext context)
    {
        if (context.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket)
        {
            return null;
        }

        Span<byte> credentials = stackalloc byte[12];
        return socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials) == credentials.Length
            ? BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..])
            : null;
    }

    private static (int Status, string Body) Refused(IdentityRefusal refusal) => (refusal.Status, refusal.ToJson());
}
