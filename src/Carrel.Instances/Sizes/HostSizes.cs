using System.Text.Json.Nodes;
using Carrel.Instances.Hosting;

namespace Carrel.Instances.Sizes;

/// <summary>
/// Sizes that fit one host, instead of Azure's (contract 10): processors 1, 2, 4, 8 and so on up to the host's, in three families that differ
/// by memory per processor. <c>Local_G4</c> is general purpose with 4 processors. Pure: the same host always gives the same sizes.
/// </summary>
public static class HostSizes
{
    /// <summary>Memory that is left to the host itself, in GB.</summary>
    private const double Reserve = 1;

    /// <summary>Cores of quota per processor of the host: notebooks wait for people most of the time.</summary>
    private const int CoresPerProcessor = 4;

    private const int ComputeCountLimit = 500;

    private static readonly Family[] Families = [new("C", "Compute", 2), new("G", "General", 4), new("M", "Memory", 8)];

    /// <summary>The sizes of a host.</summary>
    public static VmSizeCatalogue Derive(HostCapacity host)
    {
        var processors = Math.Max(1, (int)host.Processors);
        var memory = Math.Max(0.5, Math.Floor(2 * ((host.MemoryBytes / (double)(1L << 30)) - Reserve)) / 2);
        var rows = new JsonArray();
        foreach (var family in Families)
        {
            foreach (var count in Counts(processors).Where(count => count * family.MemoryPerProcessor <= memory))
            {
                rows.Add((JsonNode)Row(family, count, count * family.MemoryPerProcessor));
            }
        }

        // A host too small for any of them still has one: all of it.
        if (rows.Count == 0)
        {
            rows.Add((JsonNode)Row(Families[0], 1, memory));
        }

        var limit = CoresPerProcessor * processors;
        return VmSizeCatalogue.Of(new JsonObject
        {
            ["defaultTotalDedicatedCores"] = limit,
            ["defaultTotalLowPriorityCores"] = 0,
            ["defaultComputeCountLimit"] = ComputeCountLimit,
            ["families"] = new JsonObject(Families.Select(family => KeyValuePair.Create(family.Name, (JsonNode?)Limits(family, limit)))),
            ["value"] = rows,
        });
    }

    private static IEnumerable<int> Counts(int processors)
    {
        for (var count = 1; count < processors; count *= 2)
        {
            yield return count;
        }

        yield return processors;
    }

    private static JsonObject Row(Family family, int processors, double memory) => new()
    {
        ["name"] = $"Local_{family.Letter}{processors}",
        ["family"] = family.Name,
        ["vCPUs"] = processors,
        ["gpus"] = 0,
        ["osVhdSizeMB"] = 1047552,
        // /mnt lies in memory and may take half of it.
        ["maxResourceVolumeMB"] = (long)(memory * 512),
        ["memoryGB"] = memory,
        ["lowPriorityCapable"] = false,
        ["premiumIO"] = false,
        ["estimatedVMPrices"] = PriceList.Empty.Body(""),
        ["supportedComputeTypes"] = new JsonArray("ComputeInstance"),
    };

    private static JsonObject Limits(Family family, int limit) => new()
    {
        ["dedicatedUsageName"] = $"Local {family.Word} Family Cluster Dedicated vCPUs",
        ["lowPriorityUsageName"] = $"Local {family.Word} Family Cluster LowPriority vCPUs",
        ["defaultDedicatedLimit"] = limit,
        ["defaultLowPriorityLimit"] = -1,
    };

    /// <param name="Letter">In the names of its sizes.</param>
    /// <param name="Word">In its own name.</param>
    /// <param name="MemoryPerProcessor">In GB.</param>
    private sealed record Family(string Letter, string Word, double MemoryPerProcessor)
    {
        public string Name => $"local{Word}Family";
    }
}
