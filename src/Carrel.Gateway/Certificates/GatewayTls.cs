using System.Net.Security;
using System.Security.Authentication;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace Carrel.Gateway.Certificates;

/// <summary>Puts the certificate and the gateway's limits on Kestrel.</summary>
public static class GatewayTls
{
    /// <summary>Serves this address over TLS 1.2 or later with <see cref="ServerCertificates.Current"/>.</summary>
    public static ListenOptions UseGatewayTls(this ListenOptions listen)
    {
        ServerCertificates certificates = listen.ApplicationServices.GetRequiredService<ServerCertificates>();
        return listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => new(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificates.CurrentContext,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            }),
        });
    }

    /// <summary>What forwarding needs of Kestrel: headers of machines pass as they are, and nobody learns our make.</summary>
    public static void UseGatewayLimits(this KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
    }
}
