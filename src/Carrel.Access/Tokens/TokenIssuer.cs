using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Carrel.Access.Directory;
using Carrel.Arm.Identity;

namespace Carrel.Access.Tokens;

/// <summary>What a token is to say.</summary>
/// <param name="ObjectId">Who.</param>
/// <param name="Kind">What kind of principal.</param>
/// <param name="Audience">For whom: <c>aud</c>, exactly as asked.</param>
/// <param name="ApplicationId">Client id of the program, or of the client through which a person signed in.</param>
/// <param name="UserName">Sign-in name of a person; null for programs.</param>
/// <param name="DisplayName">Name for people.</param>
/// <param name="GrantId">Code the token came from, so that a replay of the code takes it back; null without one.</param>
/// <param name="ResourceId">Resource of a managed identity (<c>xms_mirid</c>); null otherwise.</param>
public sealed record TokenRequest(
    Guid ObjectId,
    CallerKind Kind,
    string Audience,
    string? ApplicationId,
    string? UserName = null,
    string? DisplayName = null,
    string? GrantId = null,
    string? ResourceId = null)
{
    /// <summary>How long it is good, at most <see cref="TokenIssuer.LongestLifetime"/>.</summary>
    public TimeSpan Lifetime { get; init; } = TokenIssuer.LongestLifetime;
}

/// <summary>A signed token.</summary>
/// <param name="Value">The token.</param>
/// <param name="LifetimeSeconds">Seconds until it expires.</param>
/// <param name="ExpiresAt">When it expires.</param>
public sealed record IssuedToken(string Value, int LifetimeSeconds, DateTimeOffset ExpiresAt);

/// <summary>Signs tokens: RS256, one hour.</summary>
public sealed class TokenIssuer(SigningKeys keys, HomeTenant tenant, AccessOptions options, TimeProvider time)
{
    /// <summary>No token lives longer.</summary>
    public static readonly TimeSpan LongestLifetime = TimeSpan.FromSeconds(3600);

    /// <summary>The <c>iss</c> of every token: <c>{U}/{tenant}/v2.0</c>.</summary>
    public string Issuer => $"{options.Origin}/{tenant.Value.Id}/v2.0";

    /// <summary>Issues an access token.</summary>
    public IssuedToken Issue(TokenRequest request) => Sign(request.Lifetime, writer =>
    {
        writer.WriteString("aud", request.Audience);
        WriteIdentity(writer, request);
        writer.WriteString("sub", request.ObjectId);
        if (request.ApplicationId is not null)
        {
            writer.WriteString("appid", request.ApplicationId);
            writer.WriteString("azp", request.ApplicationId);
        }

        // Tells access tokens from id tokens wherever both pass through the same hands.
        writer.WriteString("idtyp", request.Kind == CallerKind.User ? "user" : "app");
        if (request.Kind == CallerKind.User)
            writer.WriteString("scp", "user_impersonation");
        if (request.ResourceId is not null)
            writer.WriteString("xms_mirid", request.ResourceId);
        if (request.GrantId is not null)
            writer.WriteString("grant", request.GrantId);
    });

    /// <summary>Issues an id token, whose audience is the client itself: no API of ours accepts it.</summary>
    public IssuedToken IssueIdToken(TokenRequest request, string clientId, string? nonce) => Sign(LongestLifetime, writer =>
    {
        writer.WriteString("aud", clientId);
        WriteIdentity(writer, request);
        writer.WriteString("sub", request.ObjectId);
        if (request.UserName is not null)
            writer.WriteString("preferred_username", request.UserName);
        if (nonce is not null)
            writer.WriteString("nonce", nonce);
    });

    private static void WriteIdentity(Utf8JsonWriter writer, TokenRequest request)
    {
        writer.WriteString("oid", request.ObjectId);
        if (request.UserName is not null)
        {
            writer.WriteString("upn", request.UserName);
            writer.WriteString("unique_name", request.UserName);
        }

        if (request.DisplayName is not null)
            writer.WriteString("name", request.DisplayName);
    }

    private IssuedToken Sign(TimeSpan lifetime, Action<Utf8JsonWriter> claims)
    {
        DateTimeOffset now = time.GetUtcNow();
        // Whole seconds, as the token says them.
        var issued = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds());
        DateTimeOffset expires = issued + (lifetime < LongestLifetime ? lifetime : LongestLifetime);
        SigningKey key = keys.Current;
        string header = Encode(writer =>
        {
            writer.WriteString("typ", "JWT");
            writer.WriteString("alg", TokenValidator.Algorithm);
            writer.WriteString("kid", key.Id);
        });
        string payload = Encode(writer =>
        {
            claims(writer);
            writer.WriteString("iss", Issuer);
            writer.WriteString("tid", tenant.Value.Id);
            writer.WriteNumber("iat", issued.ToUnixTimeSeconds());
            // Exact enough to tell whether it was issued before or after its principal's sign-ins were ended.
            writer.WriteNumber(TokenValidator.ExactInstant, now.ToUnixTimeMilliseconds() * 1000 + now.Microsecond);
            writer.WriteNumber("nbf", issued.ToUnixTimeSeconds());
            writer.WriteNumber("exp", expires.ToUnixTimeSeconds());
            writer.WriteString("uti", Guid.NewGuid().ToString("N"));
            writer.WriteString("ver", "2.0");
        });
        string content = header + "." + payload;
        string signature = Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(content)));
        return new IssuedToken(content + "." + signature, (int)(expires - issued).TotalSeconds - 1, expires);
    }

    private static string Encode(Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return Base64Url.EncodeToString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }
}
