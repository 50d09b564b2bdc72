using System.Security.Cryptography;

namespace Carrel.Access.Setup;

/// <summary>Random passwords that a person can read off a screen: no letter that looks like another.</summary>
internal static class ReadablePassword
{
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";

    /// <summary>Four groups of five: 99 bits.</summary>
    internal static string Create() => string.Join('-', Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString(Letters, 5)));
}
