using System.Text.Json;
using System.Text.Json.Nodes;

namespace Carrel.Instances.Sizes;

/// <summary>A price list that cannot be used.</summary>
/// <param name="line">Line of the file, from 1.</param>
/// <param name="problem">What is wrong there and what to write instead.</param>
public sealed class PriceListException(int line, string problem) : Exception(problem)
{
    /// <summary>Line of the file, from 1.</summary>
    public int Line { get; } = line;
}

/// <summary>
/// An operator's prices: a JSON object of size names, each with US dollars per hour as a number, or an object of them by tier
/// (<c>Standard</c>, <c>LowPriority</c>, <c>Spot</c>). Comments and trailing commas are allowed.
/// </summary>
public sealed class PriceList
{
    private static readonly string[] Tiers = ["Standard", "LowPriority", "Spot"];

    private readonly Dictionary<string, List<(string Tier, decimal Price)>> _prices = new(StringComparer.OrdinalIgnoreCase);

    private PriceList()
    {
    }

    /// <summary>No prices.</summary>
    public static PriceList Empty { get; } = new();

    /// <summary>Reads a list.</summary>
    /// <param name="json">The file's bytes.</param>
    /// <param name="sizes">The sizes there are; a price of any other is a mistake.</param>
    /// <exception cref="PriceListException">It cannot be used.</exception>
    public static PriceList Read(ReadOnlySpan<byte> json, VmSizeCatalogue sizes)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        var text = json.StartsWith(mark) ? json[mark.Length..] : json;
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        try
        {
            return Read(ref reader, text, sizes);
        }
        catch (JsonException fault)
        {
            throw new PriceListException((int)(fault.LineNumber ?? 0) + 1, $"this is not valid JSON: {fault.Message}");
        }
    }

    /// <summary>The member <c>estimatedVMPrices</c> of a size: a new object at every call.</summary>
    public JsonObject Body(string size) => new()
    {
        ["billingCurrency"] = "USD",
        ["unitOfMeasure"] = "OneHour",
        ["values"] = new JsonArray([.. (_prices.GetValueOrDefault(size) ?? []).Select(price => new JsonObject
        {
            ["retailPrice"] = price.Price,
            ["osType"] = "Linux",
            ["vmTier"] = price.Tier,
        })]),
    };

    private static PriceList Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, VmSizeCatalogue sizes)
    {
        var list = new PriceList();
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw Wrong(reader, text, "write an object of size names, such as {\"Standard_DS3_v2\": 0.29}");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (sizes.Find(name) is not { } size)
            {
                throw Wrong(reader, text, $"there is no size '{name}'; `carrel compute list-sizes` names those there are");
            }

            if (!list._prices.TryAdd(size.Name, []))
            {
                throw Wrong(reader, text, $"the size '{name}' has a price already: remove one of them");
            }

            reader.Read();
            ReadPrices(ref reader, text, size.Name, list._prices[size.Name]);
        }

        // What stands behind the object is a mistake too, and the reader says so.
        reader.Read();
        return list;
    }

    private static void ReadPrices(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, string size, List<(string Tier, decimal Price)> prices)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            prices.Add((Tiers[0], ReadPrice(reader, text, size)));
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var word = reader.GetString()!;
            if (Tiers.FirstOrDefault(tier => tier.Equals(word, StringComparison.OrdinalIgnoreCase)) is not { } known)
            {
                throw Wrong(reader, text, $"'{word}' is no tier: use {string.Join(", ", Tiers)}");
            }

            if (prices.Any(price => price.Tier == known))
            {
                throw Wrong(reader, text, $"the tier '{known}' of '{size}' has a price already: remove one of them");
            }

            reader.Read();
            prices.Add((known, ReadPrice(reader, text, size)));
        }
    }

    private static decimal ReadPrice(in Utf8JsonReader reader, ReadOnlySpan<byte> text, string size) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var price) && price is >= 0 and <= 1_000_000
            ? price
            : throw Wrong(reader, text, $"the price of '{size}' must be US dollars per hour: a number from 0 to 1000000");

    private static PriceListException Wrong(in Utf8JsonReader reader, ReadOnlySpan<byte> text, string problem) =>
        new(text[..(int)reader.TokenStartIndex].Count((byte)'\n') + 1, problem);
}
