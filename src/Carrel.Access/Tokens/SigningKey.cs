using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Carrel.Access.Tokens;

/// <summary>One RSA key pair that signs tokens.</summary>
public sealed class SigningKey : IDisposable
{
    private readonly RSA _rsa;
    private readonly RSAParameters _public;
    // RSA instances are not promised to be safe for several threads; validation is cached and signing is rare.
    private readonly Lock _use = new();

    /// <summary>Wraps a key pair.</summary>
    public SigningKey(RSA rsa, DateTimeOffset createdAt)
    {
        _rsa = rsa;
        _public = rsa.ExportParameters(false);
        CreatedAt = createdAt;
        Id = Thumbprint(_public);
    }

    /// <summary>The <c>kid</c>: the key's RFC 7638 thumbprint.</summary>
    public string Id { get; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>Modulus for JWKS, base64url.</summary>
    public string Modulus => Base64Url.EncodeToString(_public.Modulus);

    /// <summary>Exponent for JWKS, base64url.</summary>
    public string Exponent => Base64Url.EncodeToString(_public.Exponent);

    internal byte[] Sign(ReadOnlySpan<byte> data)
    {
        lock (_use)
            return _rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    internal bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        lock (_use)
            return _rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    /// <inheritdoc/>
    public void Dispose() => _rsa.Dispose();

    private static string Thumbprint(RSAParameters key)
    {
        string canonical = $$"""{"e":"{{Base64Url.EncodeToString(key.Exponent)}}","kty":"RSA","n":"{{Base64Url.EncodeToString(key.Modulus)}}"}""";
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
    }
}
