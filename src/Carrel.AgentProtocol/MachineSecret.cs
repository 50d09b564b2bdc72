using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Carrel.AgentProtocol;

/// <summary>
/// The one secret of a machine: 32 random bytes that only the server and root inside that machine know. It is never sent anywhere; what
/// is sent are values derived from it, one for each purpose, so that losing one listener's value gives nothing away about another's.
/// </summary>
public sealed class MachineSecret
{
    /// <summary>Purpose of the value that the server shows as a bearer token to agents from before there were lines for requests.</summary>
    public const string FormerAgentPurpose = "agent";

    /// <summary>Purpose of the value that the gateway and the agent show to Jupyter in <see cref="JupyterHeader"/>.</summary>
    public const string JupyterPurpose = "jupyter";

    /// <summary>Purpose of the value that programs inside the machine show to its endpoint for tokens (<c>MSI_SECRET</c>, contract 9.3).</summary>
    public const string IdentityPurpose = "identity";

    /// <summary>The request header in which Jupyter expects its derived value.</summary>
    public const string JupyterHeader = "X-Carrel-Proxy-Secret";

    private const int Bytes = 32;

    private static readonly SearchValues<char> HexCharacters = SearchValues.Create("0123456789abcdef");

    private readonly byte[] _key;

    private MachineSecret(byte[] key) => _key = key;

    /// <summary>A new secret from the system's random source.</summary>
    public static MachineSecret Create() => new(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Reads the written form: exactly 64 lower-case hexadecimal characters.</summary>
    /// <exception cref="FormatException">It is anything else. The message does not repeat the text.</exception>
    public static MachineSecret Parse(ReadOnlySpan<char> hex)
    {
        if (hex.Length != 2 * Bytes || hex.ContainsAnyExcept(HexCharacters))
        {
            throw new FormatException("A machine secret is 64 lower-case hexadecimal characters.");
        }

        return new MachineSecret(Convert.FromHexString(hex));
    }

    /// <summary>The value for one purpose: HMAC-SHA256 of the purpose under the secret, as 64 lower-case hexadecimal characters.</summary>
    public string Derive(string purpose) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(purpose)));

    /// <summary>The written form, for the file of root inside the machine and for the server's own store; nowhere else.</summary>
    public string Reveal() => Convert.ToHexStringLower(_key);

    /// <summary>
    /// True when a caller's value is the expected one. Both are hashed first, so that the time taken tells neither length nor content.
    /// </summary>
    public static bool Matches(string expected, string? given) =>
        given is not null
        && CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(expected)),
            SHA256.HashData(Encoding.UTF8.GetBytes(given)));

    /// <summary>Never the secret, so that a log line cannot carry it.</summary>
    public override string ToString() => "machine secret";
}
