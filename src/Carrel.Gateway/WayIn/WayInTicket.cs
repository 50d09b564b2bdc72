using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Carrel.Access.SignIn;

namespace Carrel.Gateway.WayIn;

/// <summary>
/// One attempt to come in. The browser's cookie holds a random secret; state and PKCE verifier are derived from it, so nothing has to be kept
/// here, several tabs can come in at once, and a state is worth nothing in another browser or at another origin.
/// </summary>
/// <param name="State">For the authority, which gives it back.</param>
/// <param name="Verifier">PKCE verifier: 43 characters.</param>
/// <param name="Path">Where the browser wanted to go: a safe path of this origin.</param>
internal sealed record WayInTicket(string State, string Verifier, string Path)
{
    /// <summary>How long somebody may take to sign in.</summary>
    internal static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    /// <summary>A longer path is forgotten: the state has to fit into addresses.</summary>
    internal const int LongestPath = 2000;

    private const int NonceBytes = 16;
    private const int HeadBytes = NonceBytes + sizeof(long);

    /// <summary>PKCE challenge, S256.</summary>
    internal string Challenge => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    /// <summary>A new secret for the cookie.</summary>
    internal static string CreateSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Whether a cookie's value can be a secret of ours.</summary>
    internal static bool IsSecret(string? text) =>
        text is { Length: 43 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>Begins an attempt.</summary>
    /// <param name="secret">The browser's secret.</param>
    /// <param name="origin">The instance's origin, canonical.</param>
    /// <param name="path">The path asked for; anything unsafe becomes <c>/</c>.</param>
    /// <param name="now">The present.</param>
    internal static WayInTicket Begin(string secret, string origin, string path, DateTimeOffset now)
    {
        string safe = path.Length <= LongestPath ? ReturnPath.OrHome(path) : "/";
        byte[] payload = new byte[HeadBytes + safe.Length];
        RandomNumberGenerator.Fill(payload.AsSpan(0, NonceBytes));
        BinaryPrimitives.WriteInt64BigEndian(payload.AsSpan(NonceBytes), (now + Life).ToUnixTimeSeconds());
        Encoding.ASCII.GetBytes(safe, payload.AsSpan(HeadBytes));
        string body = Base64Url.EncodeToString(payload);
        return new WayInTicket(body + "." + Derive(secret, "state", origin, body), Derive(secret, "verifier", origin, body), safe);
    }

    /// <summary>Reads what the authority gave back.</summary>
    /// <returns>The attempt, or null: not begun by this browser at this origin, or too long ago.</returns>
    internal static WayInTicket? Read(string secret, string origin, string state, DateTimeOffset now)
    {
        int dot = state.IndexOf('.');
        if (dot < 0 || state.Length > 2 * LongestPath)
            return null;
        string body = state[..dot];
        byte[] expected = Encoding.ASCII.GetBytes(Derive(secret, "state", origin, body));
        if (!CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(state[(dot + 1)..])))
            return null;
        // Whoever made the proof held the secret, which is not more than the browser itself: the content is still checked.
        byte[] payload;
        try
        {
            payload = Base64Url.DecodeFromChars(body);
        }
        catch (FormatException)
        {
            return null;
        }

        if (payload.Length <= HeadBytes || BinaryPrimitives.ReadInt64BigEndian(payload.AsSpan(NonceBytes)) <= now.ToUnixTimeSeconds())
            return null;
        string path = ReturnPath.OrHome(Encoding.ASCII.GetString(payload.AsSpan(HeadBytes)));
        return new WayInTicket(state, Derive(secret, "verifier", origin, body), path);
    }

    private static string Derive(string secret, string purpose, string origin, string body) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{purpose}\n{origin}\n{body}")));
}
