using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Carrel.TestKit.Servers;
using Shouldly;
using Xunit;

namespace Carrel.Server.Tests.Tls;

/// <summary>Which versions of TLS the server's own listener speaks (contract 14).</summary>
public sealed class TlsVersionTests
{
    private const byte Handshake = 0x16;
    private const byte Alert = 0x15;
    private const byte Fatal = 2;
    private const byte ProtocolVersion = 70;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(DisplayName = "14.T4 TLS 1.0 and 1.1 are refused, 1.2 and 1.3 accepted")]
    public async Task Old_versions_are_refused_and_new_ones_accepted()
    {
        await using RunningCarrel carrel = await RunningCarrel.StartAsync();
        int port = new Uri(carrel.Url).Port;

        // Written by hand: no client library of today would send the old ones. But for the version the three are the same.
        foreach (byte old in (byte[])[1, 2])
        {
            byte[] answer = await SayHelloAsync(port, old);
            (answer[0], answer[5], answer[6]).ShouldBe((Alert, Fatal, ProtocolVersion), $"TLS 1.{old - 1}");
        }

        (await SayHelloAsync(port, minor: 3))[0].ShouldBe(Handshake, "the same hello with 1.2 is answered with a ServerHello");

        foreach (SslProtocols version in (SslProtocols[])[SslProtocols.Tls12, SslProtocols.Tls13])
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port, Cancellation);
            await using var tls = new SslStream(client.GetStream(), false, carrel.IsTrusted);
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = version }, Cancellation);
            tls.SslProtocol.ShouldBe(version);
        }
    }

    private static async Task<byte[]> SayHelloAsync(int port, byte minor)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, Cancellation);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Hello(minor), Cancellation);
        byte[] answer = new byte[7];
        await stream.ReadExactlyAsync(answer, Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        return answer;
    }

    // RFC 5246, 7.4.1.2: without supported_versions the version in the hello is the highest the client speaks.
    private static byte[] Hello(byte minor)
    {
        byte[] name = "localhost"u8.ToArray();
        byte[] extensions =
        [
            .. Extension(0, [0, (byte)(name.Length + 3), 0, 0, (byte)name.Length, .. name]), // server_name
            .. Extension(10, [0, 4, 0x00, 0x1D, 0x00, 0x17]), // x25519, secp256r1
            .. Extension(11, [1, 0]), // uncompressed points
            .. Extension(13, [0, 8, 0x04, 0x03, 0x08, 0x04, 0x04, 0x01, 0x02, 0x01]), // ECDSA, RSA-PSS, RSA with SHA-256, RSA with SHA-1
        ];
        byte[] ciphers = [0xC0, 0x2B, 0xC0, 0x2F, 0xC0, 0x09, 0xC0, 0x13, 0xC0, 0x0A, 0xC0, 0x14, 0x00, 0x2F];
        byte[] body = [3, minor, .. new byte[32], 0, 0, (byte)ciphers.Length, .. ciphers, 1, 0, 0, (byte)extensions.Length, .. extensions];
        byte[] hello = [1, 0, 0, (byte)body.Length, .. body];
        return [Handshake, 3, 1, 0, (byte)hello.Length, .. hello];
    }

    private static byte[] Extension(byte kind, byte[] content) => [0, kind, 0, (byte)content.Length, .. content];
}
