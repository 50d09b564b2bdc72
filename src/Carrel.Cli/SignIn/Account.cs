using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Carrel.Cli.SignIn;

/// <summary>Who a token speaks for, read from its claims for display only; the server decides what it is worth.</summary>
internal sealed record Account(string Name, string Type, string? ObjectId, string? Tenant)
{
    /// <summary>Reads the claims of a JWT; unknown parts are left out.</summary>
    public static Account FromToken(string token)
    {
        var claims = Claims(token);
        string? Claim(string name) => claims?[name]?.ToString();
        var person = Claim("preferred_username") ?? Claim("upn") ?? Claim("unique_name");
        var type = person is null || Claim("idtyp") == "app" ? "servicePrincipal" : "user";
        return new Account(person ?? Claim("appid") ?? Claim("oid") ?? "unknown", type, Claim("oid"), Claim("tid"));
    }

    private static JsonObject? Claims(string token)
    {
        var parts = token.Split('.');
        if (parts.Length < 2)
            return null;
        try
        {
            return JsonNode.Parse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1]))) as JsonObject;
        }
        catch (Exception problem) when (problem is FormatException or JsonException)
        {
            return null;
        }
    }
}
