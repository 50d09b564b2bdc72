using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Carrel.Access.Directory;
using Carrel.Arm.Identity;

namespace Carrel.Access.Tokens;

/// <summary>Why a token is refused.</summary>
public enum TokenFault
{
    /// <summary>It is good.</summary>
    None,

    /// <summary>Not a token of ours in form, key, signature or claims.</summary>
    Invalid,

    /// <summary>It was good and is not any more.</summary>
    Expired,

    /// <summary>Ours, but for somebody else.</summary>
    WrongAudience,
}

/// <summary>Result of a check.</summary>
/// <param name="Fault">Why it is refused, or None.</param>
/// <param name="Caller">Who it speaks for when it is good.</param>
/// <param name="NotBefore">From when it is good.</param>
/// <param name="ExpiresAt">Until when it is good.</param>
/// <param name="GrantId">Code it came from, or null.</param>
public sealed record TokenValidation(TokenFault Fault, Caller? Caller, DateTimeOffset NotBefore, DateTimeOffset ExpiresAt, string? GrantId)
{
    /// <summary>When it was issued, to the microsecond.</summary>
    public DateTimeOffset IssuedAt { get; init; }

    internal static TokenValidation Refused(TokenFault fault) => new(fault, null, default, default, null);
}

/// <summary>
/// The one place that checks tokens. Only what <see cref="TokenIssuer"/> writes is accepted: RS256, our keys, our issuer, our tenant.
/// Nothing in the token chooses the algorithm or the key material.
/// </summary>
public sealed class TokenValidator(SigningKeys keys, HomeTenant tenant, TokenIssuer issuer, Audiences audiences, TimeProvider time)
{
    /// <summary>The one algorithm.</summary>
    public const string Algorithm = "RS256";

    /// <summary>Longest token looked at, in characters.</summary>
    public const int LongestToken = 16 * 1024;

    /// <summary>The claim with the instant of issue in microseconds since the Unix epoch.</summary>
    internal const string ExactInstant = "iat_us";

    /// <summary>How far clocks may differ.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 4 };

    /// <summary>Checks a token, in the order of the numbered steps.</summary>
    public TokenValidation Validate(ReadOnlySpan<char> token)
    {
        // 1. Bounded before anything is decoded.
        if (token.Length is 0 or > LongestToken)
            return TokenValidation.Refused(TokenFault.Invalid);

        // 2. Three parts, no more.
        Span<Range> parts = stackalloc Range[4];
        if (token.Split(parts, '.') != 3)
            return TokenValidation.Refused(TokenFault.Invalid);
        byte[]? header = Decode(token[parts[0]]);
        byte[]? payload = Decode(token[parts[1]]);
        byte[]? signature = Decode(token[parts[2]]);
        if (header is null || payload is null || signature is null)
            return TokenValidation.Refused(TokenFault.Invalid);

        try
        {
            // 3. Algorithm and key: exactly ours.
            SigningKey? key = FindKey(header);
            if (key is null)
                return TokenValidation.Refused(TokenFault.Invalid);

            // 4. Signature over the text as received.
            ReadOnlySpan<char> content = token[..parts[1].End.Value];
            if (!key.Verify(Encoding.ASCII.GetBytes(content.ToString()), signature))
                return TokenValidation.Refused(TokenFault.Invalid);

            // 5. Claims.
            using JsonDocument claims = JsonDocument.Parse(payload, Strict);
            return CheckClaims(claims.RootElement);
        }
        // InvalidOperationException: a text that is JSON and no Unicode.
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return TokenValidation.Refused(TokenFault.Invalid);
        }
    }

    /// <summary>Whether a good token is good at this moment.</summary>
    internal static TokenFault CheckTime(DateTimeOffset notBefore, DateTimeOffset expires, DateTimeOffset now) =>
        now < notBefore - ClockSkew ? TokenFault.Invalid : now >= expires + ClockSkew ? TokenFault.Expired : TokenFault.None;

    private SigningKey? FindKey(byte[] header)
    {
        using JsonDocument document = JsonDocument.Parse(header, Strict);
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            return null;
        string? algorithm = null, kid = null;
        foreach (JsonProperty member in root.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.String)
                return null;
            switch (member.Name)
            {
                case "alg": algorithm = member.Value.GetString(); break;
                case "kid": kid = member.Value.GetString(); break;
                case "typ": break;
                // crit, jwk, jku, x5u, x5c, zip...: we write none of them, so whoever sends one did not get the token from us.
                default: return null;
            }
        }

        return algorithm == Algorithm ? keys.Published.FirstOrDefault(key => key.Id == kid) : null;
    }

    private TokenValidation CheckClaims(JsonElement claims)
    {
        if (claims.ValueKind != JsonValueKind.Object
            || Text(claims, "iss") != issuer.Issuer
            || !Guid.TryParseExact(Text(claims, "tid"), "D", out Guid tenantId) || tenantId != tenant.Value.Id
            || !Guid.TryParseExact(Text(claims, "oid"), "D", out Guid objectId)
            || Instant(claims, "nbf") is not { } notBefore
            || Instant(claims, "exp") is not { } expires
            || Text(claims, "aud") is not { } audience)
            return TokenValidation.Refused(TokenFault.Invalid);
        if (!audiences.Know(audience))
            return TokenValidation.Refused(TokenFault.WrongAudience);
        TokenFault fault = CheckTime(notBefore, expires, time.GetUtcNow());
        if (fault != TokenFault.None)
            return TokenValidation.Refused(fault);
        Caller? caller = ReadCaller(claims, tenantId, objectId);
        return caller is null
            ? TokenValidation.Refused(TokenFault.Invalid)
            : new TokenValidation(TokenFault.None, caller, notBefore, expires, Text(claims, "grant")) { IssuedAt = IssuedAt(claims, notBefore) };
    }

    private static Caller? ReadCaller(JsonElement claims, Guid tenantId, Guid objectId)
    {
        switch (Text(claims, "idtyp"))
        {
            case "user" when Text(claims, "upn") is { } name:
                return new Caller(tenantId, objectId, null, name, CallerKind.User);
            case "app" when Guid.TryParseExact(Text(claims, "appid"), "D", out Guid application):
                CallerKind kind = Text(claims, "xms_mirid") is null ? CallerKind.Application : CallerKind.ManagedIdentity;
                return new Caller(tenantId, objectId, application, application.ToString(), kind);
            default:
                return null;
        }
    }

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? Instant(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt64(out long seconds) && seconds is >= 0 and <= 253_402_300_799 - 3600
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    // A token of an older Carrel has whole seconds only.
    private static DateTimeOffset IssuedAt(JsonElement claims, DateTimeOffset notBefore) =>
        claims.TryGetProperty(ExactInstant, out JsonElement value) && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt64(out long microseconds) && microseconds is >= 0 and < 253_402_300_799_000_000
            ? DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond)
            : notBefore;

    /// <summary>Decodes base64url in its one canonical spelling: two spellings of one token would be two tokens to caches and revocations.</summary>
    private static byte[]? Decode(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return null;
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
                return null;
        }

        try
        {
            byte[] bytes = Base64Url.DecodeFromChars(text);
            return text.SequenceEqual(Base64Url.EncodeToString(bytes)) ? bytes : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
