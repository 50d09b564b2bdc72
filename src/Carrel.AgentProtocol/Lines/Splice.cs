using System.Net.Sockets;

namespace Carrel.AgentProtocol.Lines;

/// <summary>
/// Carries bytes between two connections until both directions have ended. Nothing is read that the other side does not take, so a slow reader
/// slows its writer; the end of one direction is passed on as such.
/// </summary>
public static class Splice
{
    private const int BufferBytes = 32 * 1024;

    /// <summary>Carries both ways and closes both. Never fails: a broken connection is an end.</summary>
    public static async Task RunAsync(Socket one, Socket other, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAll(CarryAsync(one, other, ended), CarryAsync(other, one, ended));
        one.Dispose();
        other.Dispose();
    }

    private static async Task CarryAsync(Socket from, Socket to, CancellationTokenSource ended)
    {
        byte[] buffer = new byte[BufferBytes];
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer, ended.Token)) > 0)
            {
                for (int sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), ended.Token);
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The other direction has nobody to speak to either.
            await ended.CancelAsync();
        }
    }
}
