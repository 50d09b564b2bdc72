using System.Security.Cryptography;
using Carrel.Access.Directory;

namespace Carrel.Access.Authority.Device;

/// <summary>The short code that a person types: eight letters that spell no words and are not taken for one another (RFC 8628, 6.1), 2.5 x 10^10 of them.</summary>
internal static class UserCode
{
    private const string Letters = "BCDFGHJKLMNPQRSTVWXZ";
    private const int Length = 8;

    /// <summary>A new one, <c>WDJB-MJHT</c>.</summary>
    internal static string Create()
    {
        string code = RandomNumberGenerator.GetString(Letters, Length);
        return code[..4] + "-" + code[4..];
    }

    /// <summary>The hash by which it is kept, or null for what is no such code. Case, hyphens and blanks do not count.</summary>
    internal static string? HashOf(string? typed)
    {
        string code = Plain(typed);
        return code.Length == Length && code.All(c => Letters.Contains(c)) ? ClientSecrets.Hash("user code " + code) : null;
    }

    /// <summary>A typed code as the device shows it.</summary>
    internal static string Shown(string typed) => Plain(typed) is { Length: Length } code ? code[..4] + "-" + code[4..] : "";

    private static string Plain(string? typed) => new([.. (typed ?? "").Take(64).Where(c => c is not ('-' or ' ')).Select(char.ToUpperInvariant)]);
}
