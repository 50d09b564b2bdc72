using System.Globalization;
using System.Text.RegularExpressions;

namespace Carrel.Cli.Yaml;

/// <summary>What words mean in YAML 1.1.</summary>
internal static partial class YamlWords
{
    /// <summary>yes/no, on/off, true/false in any case; null for other text.</summary>
    public static bool? Flag(string text) => text.ToLowerInvariant() switch
    {
        "true" or "yes" or "on" => true,
        "false" or "no" or "off" => false,
        _ => null,
    };

    /// <summary>A timestamp as the contract writes it, <c>yyyy-MM-ddTHH:mm:ss</c> without a zone (a given offset is turned into UTC); other text unchanged.</summary>
    public static string Timestamp(string text)
    {
        if (!TimestampShape().IsMatch(text)
            || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant))
            return text;
        return instant.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
    }

    /// <summary>Whether a reader would take the bare text for something else than text.</summary>
    public static bool LooksTyped(string text) => text.Length == 0 || text is "~" or "null" or "Null" or "NULL" or "=" or "<<"
        || Flag(text) is not null || TimestampShape().IsMatch(text) || NumberShape().IsMatch(text);

    [GeneratedRegex(@"^\d{4}-\d\d?-\d\d?(([Tt]|[ \t]+)\d\d?:\d\d:\d\d(\.\d*)?[ \t]*(Z|[-+]\d\d?(:?\d\d)?)?)?$", RegexOptions.CultureInvariant)]
    private static partial Regex TimestampShape();

    [GeneratedRegex(@"^[-+]?(\.?\d[\d_:.]*([eE][-+]?\d+)?|0x[\da-fA-F_]+|0b[01_]+|\.(inf|Inf|INF|nan|NaN|NAN))$", RegexOptions.CultureInvariant)]
    private static partial Regex NumberShape();
}
