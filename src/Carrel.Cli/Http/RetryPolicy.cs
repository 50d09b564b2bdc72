using System.Globalization;
using System.Net;

namespace Carrel.Cli.Http;

/// <summary>When to ask again and how long to wait: the same statuses and count as the Azure clients (wire.md 1.5).</summary>
internal static class RetryPolicy
{
    /// <summary>Retries after the first attempt.</summary>
    public const int Retries = 3;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>408, 429 and the 5xx that mean "not now".</summary>
    public static bool IsTransient(HttpStatusCode status) => (int)status is 408 or 429 or 500 or 502 or 503 or 504;

    /// <summary>What Retry-After asks for, else 0.5 s doubled with each attempt (counted from 0).</summary>
    public static TimeSpan DelayBeforeRetry(HttpResponseMessage response, int attempt, DateTimeOffset now) =>
        RetryAfter(response, now) ?? TimeSpan.FromSeconds(0.5 * Math.Pow(2, attempt));

    /// <summary>Retry-After as seconds (a fraction is understood though the standard has none) or as a date; null when absent or unreadable.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        if (!response.Headers.NonValidated.TryGetValues("Retry-After", out var values))
            return null;
        var text = values.ToString();
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
            return seconds > Longest.TotalSeconds ? Longest : TimeSpan.FromSeconds(seconds);
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
            return null;
        var wait = instant - now;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > Longest ? Longest : wait;
    }
}
