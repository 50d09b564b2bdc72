using System.Data;
using System.Text.Json;
using System.Text.Json.Serialization;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using NodaTime;

namespace Carrel.Store.Engine;

/// <summary>How values are written into columns and read back.</summary>
internal static class Columns
{
    private static readonly JsonSerializerOptions Json = new()
    {
        Converters = { new JsonStringEnumConverter(), new InstantTicks() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    internal static string Text(Guid value) => value.ToString("D");

    internal static Guid ToGuid(string value) => Guid.Parse(value);

    internal static long Ticks(Instant value) => value.ToUnixTimeTicks();

    internal static Instant ToInstant(long ticks) => Instant.FromUnixTimeTicks(ticks);

    internal static string? TextOrNull(IDataRecord row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    internal static Instant? InstantOrNull(IDataRecord row, int column) => row.IsDBNull(column) ? null : ToInstant(row.GetInt64(column));

    internal static string Write<T>(T value) => JsonSerializer.Serialize(value, Json);

    internal static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Json)!;

    internal static string Key(InstanceAddress address) => LowerCase(address.ResourceId);

    internal static string Key(WorkspaceAddress address) => LowerCase(address.ResourceId);

    internal static string GroupKey(string subscriptionId, string name) => LowerCase($"/subscriptions/{subscriptionId}/resourceGroups/{name}");

    internal static string RegionKey(string location, string name) => LowerCase($"{location}/{name}");

    internal static string LowerCase(string value) => value.ToLowerInvariant();

    internal static T ToEnum<T>(string value) where T : struct, Enum => Enum.Parse<T>(value);

    private sealed class InstantTicks : JsonConverter<Instant>
    {
        public override Instant Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => ToInstant(reader.GetInt64());

        public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) => writer.WriteNumberValue(Ticks(value));
    }
}
