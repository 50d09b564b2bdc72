using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Carrel.Instances.Ssh;

/// <summary>What reading a public key gave: one OpenSSH line, or the reason why not.</summary>
/// <param name="Line">The key normalised to one line, comment kept, or null.</param>
/// <param name="Reason">A sentence that says what to change, or null.</param>
public sealed record SshKeyReading(string? Line, string? Reason);

/// <summary>
/// The public keys an instance takes (contract 13.1): OpenSSH lines of RSA from 2048 bits, Ed25519, ECDSA and their security-key forms, SSH2
/// blocks of these, and RSA in PEM. The blob is taken apart completely, so a truncated key is refused and not stored.
/// </summary>
public static class SshPublicKey
{
    private const int MaximumLength = 16 * 1024;

    /// <summary>Reads a key; never throws.</summary>
    public static SshKeyReading Read(string text)
    {
        text = text.Trim().ReplaceLineEndings("\n");
        if (text.Length > MaximumLength)
        {
            return Refused("The SSH public key is longer than 16 KiB.");
        }

        if (text.Contains("PRIVATE KEY", StringComparison.Ordinal))
        {
            return Refused("This is a private key; send the public half only, and replace this key pair.");
        }

        if (text.StartsWith("-----BEGIN ", StringComparison.Ordinal))
        {
            return ReadPem(text);
        }

        if (text.StartsWith("---- BEGIN SSH2 PUBLIC KEY ----", StringComparison.Ordinal))
        {
            return ReadSsh2(text);
        }

        if (text.Any(char.IsControl))
        {
            return Refused("The SSH public key must be one line: one key, without options.");
        }

        var parts = text.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
        return parts.Length < 2
            ? Refused("The SSH public key must be a line such as 'ssh-ed25519 AAAA... comment'.")
            : ReadBlob(parts[0], parts[1], parts.Length == 3 ? parts[2].Trim() : null);
    }

    private static SshKeyReading ReadBlob(string? type, string base64, string? comment)
    {
        byte[] blob;
        try
        {
            blob = Convert.FromBase64String(base64);
        }
        catch (FormatException)
        {
            return Refused("The SSH public key is not valid base64; it may be cut short or carry options before its type.");
        }

        if (SshKeyBlob.Check(blob, out var name) is { } problem)
        {
            return Refused(problem);
        }

        return type is not null && type != name
            ? Refused($"The SSH public key says '{(type.Length > 40 ? type[..40] : type)}' and holds '{name}'; write no options before the type.")
            : new SshKeyReading($"{name} {Convert.ToBase64String(blob)}{(string.IsNullOrEmpty(comment) ? "" : " " + comment)}", null);
    }

    private static SshKeyReading ReadSsh2(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries);
        if (lines[^1] != "---- END SSH2 PUBLIC KEY ----")
        {
            return Refused("The SSH2 public key has no end line.");
        }

        // Headers such as "Comment: ..." may go on in the next line after a backslash.
        var body = new StringBuilder();
        var inHeader = false;
        foreach (var line in lines[1..^1])
        {
            var header = inHeader || line.Contains(':', StringComparison.Ordinal);
            inHeader = header && line.EndsWith('\\');
            if (!header)
            {
                body.Append(line);
            }
        }

        return ReadBlob(null, body.ToString(), null);
    }

    private static SshKeyReading ReadPem(string text)
    {
        using var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(text);
        }
        catch (Exception problem) when (problem is ArgumentException or CryptographicException)
        {
            return Refused("The PEM text holds no RSA public key; send an OpenSSH line such as 'ssh-ed25519 AAAA...' for other kinds.");
        }

        var key = rsa.ExportParameters(false);
        byte[] blob = [.. Field(Encoding.ASCII.GetBytes("ssh-rsa")), .. Field(Positive(key.Exponent!)), .. Field(Positive(key.Modulus!))];
        return ReadBlob(null, Convert.ToBase64String(blob), null);
    }

    private static byte[] Field(byte[] value)
    {
        var field = new byte[4 + value.Length];
        BinaryPrimitives.WriteInt32BigEndian(field, value.Length);
        value.CopyTo(field, 4);
        return field;
    }

    private static byte[] Positive(byte[] number) => number is [>= 0x80, ..] ? [0, .. number] : number;

    private static SshKeyReading Refused(string reason) => new(null, reason);
}
