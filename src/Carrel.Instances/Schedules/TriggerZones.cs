using NodaTime;
using NodaTime.TimeZones;

namespace Carrel.Instances.Schedules;

/// <summary>Time zones by Windows or IANA id, in any case (contract 3.3). Rules and names come with the package NodaTime, so all machines agree.</summary>
internal static class TriggerZones
{
    /// <summary>
    /// The rows in which the contract's table of 138 Windows ids differs from that of the package. The package's are younger and follow Windows:
    /// Asia/Bishkek and America/Mazatlan. Whoever changes the contract's table removes these lines.
    /// </summary>
    private static readonly Dictionary<string, string> ContractRows = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Central Asia Standard Time"] = "Asia/Almaty",
        ["Mountain Standard Time (Mexico)"] = "America/Chihuahua",
    };

    private static readonly Dictionary<string, string> Ids = ReadIds();

    /// <summary>The zone of an id, or null when nobody knows it.</summary>
    public static DateTimeZone? Find(string id) =>
        Ids.TryGetValue(id, out var known) ? DateTimeZoneProviders.Tzdb[known] : null;

    private static Dictionary<string, string> ReadIds()
    {
        var source = TzdbDateTimeZoneSource.Default;
        var ids = source.GetIds().ToDictionary(id => id, StringComparer.OrdinalIgnoreCase);
        foreach (var (windows, iana) in ContractRows.Concat(source.WindowsMapping.PrimaryMapping))
        {
            ids.TryAdd(windows, iana);
        }

        return ids;
    }
}
