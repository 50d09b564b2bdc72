namespace Carrel.Hosts.Docker.Client;

/// <summary>GET /info.</summary>
internal sealed partial class DockerClient
{
    public async Task<EngineInformation> InformationAsync(CancellationToken cancellation) =>
        (await GetAsync("info", cancellation)).Read(DockerJson.Default.EngineInformation);
}

/// <param name="NCPU">Logical processors.</param>
/// <param name="MemTotal">Bytes.</param>
/// <param name="LiveRestoreEnabled">Whether containers go on while the engine is down.</param>
internal sealed record EngineInformation(int NCPU, long MemTotal, bool LiveRestoreEnabled);
