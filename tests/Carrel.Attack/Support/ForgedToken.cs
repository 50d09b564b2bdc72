using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Carrel.Attack.Support;

/// <summary>Takes tokens apart and puts others together.</summary>
internal static class ForgedToken
{
    /// <summary>Header of a token.</summary>
    public static JsonObject Header(string token) => Part(token, 0);

    /// <summary>Claims of a token.</summary>
    public static JsonObject Claims(string token) => Part(token, 1);

    /// <summary>The token with a claim changed or, for null, taken out.</summary>
    public static JsonObject With(this JsonObject claims, string name, JsonNode? value)
    {
        JsonObject changed = claims.DeepClone().AsObject();
        changed.Remove(name);
        if (value is not null)
            changed[name] = value;
        return changed;
    }

    /// <summary>Signs as the server does.</summary>
    public static string Sign(JsonObject header, JsonObject claims, RSA key) => Sign(header.ToJsonString(), claims.ToJsonString(), key);

    /// <summary>Signs texts that need not be proper JSON objects.</summary>
    public static string Sign(string header, string claims, RSA key)
    {
        string content = Encode(header) + "." + Encode(claims);
        return content + "." + Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    /// <summary>Signs with a symmetric key.</summary>
    public static string Mac(JsonObject header, JsonObject claims, byte[] key)
    {
        string content = Encode(header.ToJsonString()) + "." + Encode(claims.ToJsonString());
        return content + "." + Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(content)));
    }

    /// <summary>Header and claims without a signature.</summary>
    public static string Unsigned(JsonObject header, JsonObject claims) => Encode(header.ToJsonString()) + "." + Encode(claims.ToJsonString()) + ".";

    private static JsonObject Part(string token, int index) =>
        JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[index]))!.AsObject();

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
