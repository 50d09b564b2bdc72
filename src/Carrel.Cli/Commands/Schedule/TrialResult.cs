using System.Text.Json.Nodes;
using Carrel.Cli.Output;
using Carrel.Instances.Specs;
using NodaTime;
using NodaTime.Text;

namespace Carrel.Cli.Commands.Schedule;

/// <summary>The answer to a trial: firings, or what is wrong.</summary>
/// <param name="Firings">In order; fewer than asked for when the trigger ends.</param>
/// <param name="Zone">The zone of the trigger, null when something is wrong.</param>
/// <param name="Findings">What is wrong; empty when nothing is.</param>
internal sealed record TrialResult(IReadOnlyList<Instant> Firings, DateTimeZone? Zone, IReadOnlyList<Finding> Findings)
{
    /// <summary>Columns of one trigger's table.</summary>
    public static readonly IReadOnlyList<Column> Columns = [new("UTC", "utc"), new("Local", "local")];

    /// <summary>Firings in UTC.</summary>
    public JsonArray Occurrences() => Texts(InstantPattern.ExtendedIso.Format);

    /// <summary>Zone, firings in UTC, and the same by the clock of the zone.</summary>
    public JsonObject Body() => new()
    {
        ["timeZone"] = Zone!.Id,
        ["occurrences"] = Occurrences(),
        ["localTimes"] = Texts(Local),
    };

    /// <summary>One row per firing.</summary>
    public JsonArray Rows() =>
        new([.. Firings.Select(firing => (JsonNode)new JsonObject { ["utc"] = InstantPattern.ExtendedIso.Format(firing), ["local"] = Local(firing) })]);

    private JsonArray Texts(Func<Instant, string> form) => new([.. Firings.Select(firing => (JsonNode)JsonValue.Create(form(firing)))]);

    private string Local(Instant firing) => OffsetDateTimePattern.Rfc3339.Format(firing.InZone(Zone!).ToOffsetDateTime());
}
