namespace Carrel.Store.Access;

/// <summary>How values of the access tables are written and read back.</summary>
internal static class AccessColumns
{
    internal static string Text(Guid value) => value.ToString("D");

    internal static string? Text(Guid? value) => value?.ToString("D");

    internal static string Key(string value) => value.TrimEnd('/').ToLowerInvariant();

    internal static long Ticks(DateTimeOffset value) => value.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;

    internal static long? Ticks(DateTimeOffset? value) => value is { } instant ? Ticks(instant) : null;

    internal static DateTimeOffset Instant(long ticks) => new(ticks + DateTimeOffset.UnixEpoch.Ticks, TimeSpan.Zero);

    internal static DateTimeOffset? Instant(long? ticks) => ticks is { } value ? Instant(value) : null;
}
