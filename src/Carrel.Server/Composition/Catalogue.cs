using Carrel.Hosts.Docker;
using Carrel.Instances.Sizes;
using Carrel.Server.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carrel.Server.Composition;

/// <summary>The sizes on offer, as the operator wants them: Azure's or the host's, with the catalogue's prices or the operator's.</summary>
internal static class Catalogue
{
    /// <summary>Makes the catalogue; the host's sizes need its answer.</summary>
    /// <exception cref="ConfigurationException">The price list cannot be used.</exception>
    internal static async Task<VmSizeCatalogue> MakeAsync(ServerOptions options, DataFolder folder, CancellationToken cancellation)
    {
        VmSizeCatalogue sizes = VmSizeCatalogue.Default;
        if (options.HostSizes)
        {
            using var host = new DockerInstanceHost(HostOptions.For(options, folder), TimeProvider.System, NullLogger<DockerInstanceHost>.Instance);
            sizes = HostSizes.Derive(await host.CapacityAsync(cancellation));
        }

        return options.PriceFile is { } file ? sizes.WithPrices(Prices(file, sizes)) : sizes;
    }

    internal static PriceList Prices(string file, VmSizeCatalogue sizes)
    {
        try
        {
            return PriceList.Read(File.ReadAllBytes(file), sizes);
        }
        catch (PriceListException fault)
        {
            throw new ConfigurationException($"CARREL_PRICES: {file}, line {fault.Line}: {fault.Message}.", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"CARREL_PRICES: the file {file} cannot be read: {fault.Message} Correct the path, or unset the variable.", fault);
        }
    }
}
