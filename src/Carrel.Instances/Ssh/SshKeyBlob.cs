using System.Buffers.Binary;
using System.Text;

namespace Carrel.Instances.Ssh;

/// <summary>The binary form of public keys (RFC 4253 6.6, RFC 5656, RFC 8709, OpenSSH's PROTOCOL.u2f).</summary>
internal static class SshKeyBlob
{
    private const int MinimumRsaBits = 2048;
    private const int MaximumRsaBits = 16384;

    /// <summary>Checks a blob to its last byte.</summary>
    /// <returns>What is wrong, or null.</returns>
    public static string? Check(ReadOnlySpan<byte> blob, out string name)
    {
        name = Next(ref blob, out var type) && type.Length <= 64 && Ascii.IsValid(type) ? Encoding.ASCII.GetString(type) : "";
        return name switch
        {
            "ssh-rsa" => CheckRsa(blob),
            "ssh-ed25519" => CheckEdwards(blob, withApplication: false),
            "sk-ssh-ed25519@openssh.com" => CheckEdwards(blob, withApplication: true),
            "ecdsa-sha2-nistp256" => CheckCurve(blob, "nistp256", 65, withApplication: false),
            "ecdsa-sha2-nistp384" => CheckCurve(blob, "nistp384", 97, withApplication: false),
            "ecdsa-sha2-nistp521" => CheckCurve(blob, "nistp521", 133, withApplication: false),
            "sk-ecdsa-sha2-nistp256@openssh.com" => CheckCurve(blob, "nistp256", 65, withApplication: true),
            _ => "The SSH public key must be RSA, Ed25519 or ECDSA (also security-key forms); DSA keys and certificates are not taken.",
        };
    }

    private static string? CheckRsa(ReadOnlySpan<byte> rest)
    {
        if (!Next(ref rest, out var exponent) || !Next(ref rest, out var modulus) || rest.Length > 0 || Bits(exponent) < 2)
        {
            return Damaged();
        }

        return Bits(modulus) switch
        {
            < MinimumRsaBits => "The RSA key is shorter than 2048 bits; make a longer one or an Ed25519 key.",
            > MaximumRsaBits => "The RSA key is longer than 16384 bits.",
            _ => null,
        };
    }

    private static string? CheckEdwards(ReadOnlySpan<byte> rest, bool withApplication) =>
        Next(ref rest, out var point) && point.Length == 32 && EndsWell(rest, withApplication) ? null : Damaged();

    private static string? CheckCurve(ReadOnlySpan<byte> rest, string curve, int length, bool withApplication) =>
        Next(ref rest, out var name) && name.SequenceEqual(Encoding.ASCII.GetBytes(curve))
        && Next(ref rest, out var point) && point.Length == length && point[0] == 4 && EndsWell(rest, withApplication)
            ? null
            : Damaged();

    private static bool EndsWell(ReadOnlySpan<byte> rest, bool withApplication) =>
        (!withApplication || Next(ref rest, out _)) && rest.Length == 0;

    private static int Bits(ReadOnlySpan<byte> number)
    {
        number = number.TrimStart((byte)0);
        return number.Length == 0 ? 0 : (number.Length * 8) - (byte.LeadingZeroCount(number[0]));
    }

    private static bool Next(ref ReadOnlySpan<byte> blob, out ReadOnlySpan<byte> field)
    {
        field = default;
        if (blob.Length < 4 || BinaryPrimitives.ReadUInt32BigEndian(blob) is var length && length > blob.Length - 4)
        {
            return false;
        }

        field = blob.Slice(4, (int)BinaryPrimitives.ReadUInt32BigEndian(blob));
        blob = blob[(4 + field.Length)..];
        return true;
    }

    private static string Damaged() => "The SSH public key is damaged or cut short.";
}
