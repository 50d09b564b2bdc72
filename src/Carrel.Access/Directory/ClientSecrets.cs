using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Carrel.Access.Directory;

/// <summary>Secrets of programs: random, so a plain hash is enough and cheap.</summary>
public static class ClientSecrets
{
    /// <summary>Makes a secret of 256 random bits, as base64url text.</summary>
    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>The form a secret, code or session token is stored in: lower-case hex SHA-256.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>Whether a secret is one of those given and not expired.</summary>
    public static bool Match(string secret, IEnumerable<ClientSecret> known, DateTimeOffset now)
    {
        byte[] hash = Encoding.ASCII.GetBytes(Hash(secret));
        bool found = false;
        // All are compared, each in constant time, so that the answer's time tells nothing about which one came close.
        foreach (ClientSecret candidate in known)
            found |= CryptographicOperations.FixedTimeEquals(hash, Encoding.ASCII.GetBytes(candidate.Hash)) & candidate.ExpiresAt > now;
        return found;
    }
}
