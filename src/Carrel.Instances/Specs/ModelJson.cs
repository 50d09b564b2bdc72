using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;
using NodaTime.Text;

namespace Carrel.Instances.Specs;

/// <summary>The stored form of a model. Enums are words, so that a later order of their members changes nothing.</summary>
public static class ModelJson
{
    /// <summary>The model as JSON text; equal models give equal text.</summary>
    public static string Serialize(ComputeInstanceModel model) => JsonSerializer.Serialize(model, ModelJsonContext.Default.ComputeInstanceModel);

    /// <summary>The model of a stored text; members that the text lacks have their defaults.</summary>
    /// <exception cref="JsonException">The text is no stored model.</exception>
    public static ComputeInstanceModel Deserialize(string text) =>
        JsonSerializer.Deserialize(text, ModelJsonContext.Default.ComputeInstanceModel) ?? throw new JsonException("The stored model is null.");

    /// <summary>Schedules as JSON text; equal schedules give equal text.</summary>
    public static string Serialize(IReadOnlyList<ScheduleModel> schedules) => JsonSerializer.Serialize(schedules, ModelJsonContext.Default.IReadOnlyListScheduleModel);

    /// <summary>The schedules of a stored text.</summary>
    /// <exception cref="JsonException">The text is no stored list.</exception>
    public static IReadOnlyList<ScheduleModel> DeserializeSchedules(string text) =>
        JsonSerializer.Deserialize(text, ModelJsonContext.Default.IReadOnlyListScheduleModel) ?? throw new JsonException("The stored schedules are null.");

    /// <summary>Whether two models say the same; records with lists do not compare by their items.</summary>
    public static bool Same(ComputeInstanceModel left, ComputeInstanceModel right) =>
        ReferenceEquals(left, right) || Serialize(left) == Serialize(right);
}

/// <summary>Instants as ISO 8601 in UTC.</summary>
internal sealed class InstantJson : JsonConverter<Instant>
{
    public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        InstantPattern.ExtendedIso.Parse(reader.GetString() ?? "") is { Success: true } parsed ? parsed.Value : throw new JsonException("No instant.");

    public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) =>
        writer.WriteStringValue(InstantPattern.ExtendedIso.Format(value));
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(InstantJson)])]
[JsonSerializable(typeof(ComputeInstanceModel))]
[JsonSerializable(typeof(IReadOnlyList<ScheduleModel>))]
internal sealed partial class ModelJsonContext : JsonSerializerContext;
