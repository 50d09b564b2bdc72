using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Carrel.Instances.Sizes;

/// <summary>
/// The VM sizes and families on offer and the default limits (contract 10): from the catalogue file that is part of this assembly, or derived
/// from a host (<see cref="HostSizes"/>); with the file's prices, or an operator's (<see cref="PriceList"/>).
/// </summary>
public sealed class VmSizeCatalogue
{
    private readonly FrozenDictionary<string, VmSize> _sizes;
    private readonly FrozenDictionary<string, VmFamily> _families;
    private readonly string _rows;
    private readonly FrozenDictionary<string, decimal?> _prices;

    private VmSizeCatalogue(JsonElement document)
    {
        Sizes = [.. document.GetProperty("value").EnumerateArray().Select(ReadSize)];
        Families = [.. document.GetProperty("families").EnumerateObject().Select(ReadFamily)];
        DefaultTotalDedicatedCores = document.GetProperty("defaultTotalDedicatedCores").GetInt32();
        DefaultTotalLowPriorityCores = document.GetProperty("defaultTotalLowPriorityCores").GetInt32();
        DefaultComputeCountLimit = document.GetProperty("defaultComputeCountLimit").GetInt32();
        _sizes = Sizes.ToFrozenDictionary(size => size.Name, StringComparer.OrdinalIgnoreCase);
        _families = Families.ToFrozenDictionary(family => family.Name, StringComparer.OrdinalIgnoreCase);
        _rows = document.GetProperty("value").GetRawText();
        _prices = PricesOf(JsonNode.Parse(_rows)!.AsArray());
    }

    private VmSizeCatalogue(VmSizeCatalogue other, JsonArray rows)
    {
        (Sizes, Families, _sizes, _families) = (other.Sizes, other.Families, other._sizes, other._families);
        DefaultTotalDedicatedCores = other.DefaultTotalDedicatedCores;
        DefaultTotalLowPriorityCores = other.DefaultTotalLowPriorityCores;
        DefaultComputeCountLimit = other.DefaultComputeCountLimit;
        _rows = rows.ToJsonString();
        _prices = PricesOf(rows);
    }

    /// <summary>The catalogue that comes with the product.</summary>
    public static VmSizeCatalogue Default { get; } = Load();

    /// <summary>Every size, in the order of the file.</summary>
    public IReadOnlyList<VmSize> Sizes { get; }

    /// <summary>Every family, in the order of the file.</summary>
    public IReadOnlyList<VmFamily> Families { get; }

    /// <summary>Dedicated cores over all families, per subscription and region.</summary>
    public int DefaultTotalDedicatedCores { get; }

    /// <summary>Low-priority cores over all families, per subscription and region.</summary>
    public int DefaultTotalLowPriorityCores { get; }

    /// <summary>Computes per subscription and region.</summary>
    public int DefaultComputeCountLimit { get; }

    /// <summary>The size of that name, in any case, or null.</summary>
    public VmSize? Find(string name) => _sizes.GetValueOrDefault(name);

    /// <summary>The family of that name, in any case, or null.</summary>
    public VmFamily? FindFamily(string name) => _families.GetValueOrDefault(name);

    /// <summary>The answer of the vmSizes list (contract 10.4): one page, no next link; a new object at every call.</summary>
    public JsonObject ToListBody() => new() { ["value"] = JsonNode.Parse(_rows) };

    /// <summary>US dollars per hour of the standard tier of a size, in any case; null when it has no price.</summary>
    public decimal? HourlyPrice(string size) => _prices.GetValueOrDefault(size);

    /// <summary>The same sizes with an operator's prices; a size that the list does not name has none.</summary>
    public VmSizeCatalogue WithPrices(PriceList prices)
    {
        var rows = JsonNode.Parse(_rows)!.AsArray();
        foreach (var row in rows)
        {
            row!["estimatedVMPrices"] = prices.Body((string)row["name"]!);
        }

        return new VmSizeCatalogue(this, rows);
    }

    /// <summary>A catalogue from a document of the shape of the file.</summary>
    internal static VmSizeCatalogue Of(JsonObject document)
    {
        using var read = JsonDocument.Parse(document.ToJsonString());
        return new VmSizeCatalogue(read.RootElement);
    }

    private static VmSizeCatalogue Load()
    {
        using var stream = typeof(VmSizeCatalogue).Assembly.GetManifestResourceStream("vm-sizes.json")!;
        using var document = JsonDocument.Parse(stream);
        return new VmSizeCatalogue(document.RootElement);
    }

    private static FrozenDictionary<string, decimal?> PricesOf(JsonArray rows) =>
        rows.ToFrozenDictionary(row => (string)row!["name"]!, row => StandardPrice(row!["estimatedVMPrices"]?["values"] as JsonArray), StringComparer.OrdinalIgnoreCase);

    private static decimal? StandardPrice(JsonArray? prices) =>
        (decimal?)prices?.FirstOrDefault(price => (string?)price?["vmTier"] == "Standard" && (string?)price?["osType"] == "Linux")?["retailPrice"];

    private static VmSize ReadSize(JsonElement row) => new(
        row.GetProperty("name").GetString()!,
        row.GetProperty("family").GetString()!,
        row.GetProperty("vCPUs").GetInt32(),
        row.GetProperty("gpus").GetInt32(),
        row.GetProperty("memoryGB").GetDouble(),
        row.GetProperty("maxResourceVolumeMB").GetInt64(),
        row.GetProperty("supportedComputeTypes").EnumerateArray().Any(type => type.ValueEquals("ComputeInstance")));

    private static VmFamily ReadFamily(JsonProperty family) => new(
        family.Name,
        family.Value.GetProperty("dedicatedUsageName").GetString()!,
        family.Value.GetProperty("lowPriorityUsageName").GetString()!,
        family.Value.GetProperty("defaultDedicatedLimit").GetInt32(),
        family.Value.GetProperty("defaultLowPriorityLimit").GetInt32());
}
