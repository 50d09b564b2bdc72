using System.Buffers.Binary;
using System.Net.Sockets;
using Carrel.Instances.Hosting;

namespace Carrel.Hosts.Docker.Client;

/// <summary>The engine's socket on this machine.</summary>
internal sealed class DockerSocket(string path)
{
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;

    public static DockerSocket From(string? endpoint)
    {
        endpoint ??= Environment.GetEnvironmentVariable("DOCKER_HOST");
        if (string.IsNullOrEmpty(endpoint))
            endpoint = "unix:///var/run/docker.sock";
        if (!endpoint.StartsWith("unix://", StringComparison.Ordinal))
        {
            throw new HostRefusedException(
                "EndpointNotSupported",
                $"The Docker engine must be reached through a socket of this machine, not '{endpoint}'. Set DOCKER_HOST to unix:///var/run/docker.sock.");
        }

        return new DockerSocket(endpoint["unix://".Length..]);
    }

    public async Task<Stream> ConnectAsync(CancellationToken cancellation)
    {
        var socket = await OpenAsync(cancellation);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>The process that listens on the socket: the engine, or the service manager that opened the socket for it.</summary>
    public async Task<int> PeerProcessAsync(CancellationToken cancellation)
    {
        try
        {
            using var socket = await OpenAsync(cancellation);
            var credentials = new byte[12];
            socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials);
            return BinaryPrimitives.ReadInt32LittleEndian(credentials);
        }
        catch (SocketException exception)
        {
            throw Lost(exception);
        }
    }

    public HostUnavailableException Lost(Exception exception) =>
        new($"The Docker engine at {path} does not answer ({exception.GetBaseException().Message}). Check that dockerd runs.", exception);

    private async Task<Socket> OpenAsync(CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
