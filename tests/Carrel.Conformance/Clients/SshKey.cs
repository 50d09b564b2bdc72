using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Carrel.Conformance.Clients;

/// <summary>A fresh RSA public key in OpenSSH's one-line form (RFC 4253, 6.6).</summary>
internal static class SshKey
{
    private const string Algorithm = "ssh-rsa";

    public static string Create()
    {
        using RSA key = RSA.Create(2048);
        RSAParameters parameters = key.ExportParameters(includePrivateParameters: false);
        byte[] blob = [.. Field(System.Text.Encoding.ASCII.GetBytes(Algorithm)), .. Field(parameters.Exponent!), .. Field([0, .. parameters.Modulus!])];
        return $"{Algorithm} {Convert.ToBase64String(blob)}";
    }

    private static byte[] Field(byte[] content)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        return [.. length, .. content];
    }
}
