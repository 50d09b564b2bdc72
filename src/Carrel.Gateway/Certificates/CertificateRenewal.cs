using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carrel.Gateway.Certificates;

/// <summary>Looks twice a day whether the certificate has to be renewed.</summary>
internal sealed class CertificateRenewal(ServerCertificates certificates, TimeProvider time, ILogger<CertificateRenewal> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(12);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                certificates.Refresh();
            }
            catch (Exception fault) when (fault is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                GatewayLog.RenewalFailed(log, fault);
            }
        }
    }
}
