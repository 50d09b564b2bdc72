using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace Carrel.Engine.Notices;

/// <summary>
/// The signature of a webhook's body: HMAC-SHA256, under the operator's key, of the time of sending, a full stop, and the body's bytes. The time is signed, so
/// that a reader can refuse what was recorded and sent again.
/// </summary>
internal static class WebhookSignature
{
    /// <summary>Header of the signature.</summary>
    internal const string Header = "X-Carrel-Signature";

    /// <summary>The header's value, <c>t=SECONDS,v1=HEX</c>, with the Unix time of sending.</summary>
    internal static string Of(byte[] key, string body, Instant sentAt)
    {
        string time = sentAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"t={time},v1={Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{time}.{body}")))}";
    }
}
