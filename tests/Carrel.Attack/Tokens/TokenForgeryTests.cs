using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Carrel.Attack.Tokens;

/// <summary>Tokens that the server did not write, or wrote for something else.</summary>
public sealed class TokenForgeryTests(Target target)
{
    [Theory(DisplayName = "A01 A token that says it needs no signature")]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("nOnE")]
    [InlineData("")]
    public async Task No_signature(string algorithm)
    {
        string good = await GoodAsync();
        await RefusedAsync(ForgedToken.Unsigned(ForgedToken.Header(good).With("alg", algorithm), ForgedToken.Claims(good)));
        await RefusedAsync(ForgedToken.Unsigned(ForgedToken.Header(good).With("alg", algorithm), ForgedToken.Claims(good)) + good.Split('.')[2]);
    }

    [Fact(DisplayName = "A02 Key confusion: the public key as the secret of an HMAC")]
    public async Task Key_confusion()
    {
        string good = await GoodAsync();
        using RSA key = target.SigningKey();
        byte[][] secrets =
        [
            Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem()), Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem() + "\n"),
            Encoding.ASCII.GetBytes(key.ExportRSAPublicKeyPem()), key.ExportSubjectPublicKeyInfo(), key.ExportRSAPublicKey(), key.ExportParameters(false).Modulus!, [],
        ];
        foreach (byte[] secret in secrets)
            await RefusedAsync(ForgedToken.Mac(ForgedToken.Header(good).With("alg", "HS256"), ForgedToken.Claims(good), secret));
    }

    [Fact(DisplayName = "A03 Another key under the server's key id")]
    public async Task Another_key()
    {
        string good = await GoodAsync();
        using var own = RSA.Create(2048);
        await RefusedAsync(ForgedToken.Sign(ForgedToken.Header(good), ForgedToken.Claims(good), own));
    }

    [Fact(DisplayName = "A04 A token that brings its own key along")]
    public async Task Own_key_in_the_header()
    {
        string good = await GoodAsync();
        using var own = RSA.Create(2048);
        RSAParameters parameters = own.ExportParameters(false);
        var jwk = new JsonObject
        {
            ["kty"] = "RSA", ["alg"] = "RS256", ["kid"] = "mine",
            ["n"] = System.Buffers.Text.Base64Url.EncodeToString(parameters.Modulus), ["e"] = System.Buffers.Text.Base64Url.EncodeToString(parameters.Exponent),
        };
        JsonObject header = ForgedToken.Header(good);
        foreach ((string name, JsonNode value) in (IEnumerable<(string, JsonNode)>)[("jwk", jwk), ("jku", "https://evil.example/keys"), ("x5u", "https://evil.example/cert"), ("x5c", new JsonArray("MIIB"))])
        {
            await RefusedAsync(ForgedToken.Sign(header.With(name, value.DeepClone()), ForgedToken.Claims(good), own));
            await RefusedAsync(ForgedToken.Sign(header.With(name, value.DeepClone()).With("kid", "mine"), ForgedToken.Claims(good), own));
        }
    }

    [Theory(DisplayName = "A05 A key id that is a path, a query or nothing")]
    [InlineData("../../../../dev/null")]
    [InlineData("/dev/null")]
    [InlineData("' OR 1=1 --")]
    [InlineData("")]
    [InlineData(null)]
    public async Task A_key_id_that_leads_elsewhere(string? kid)
    {
        string good = await GoodAsync();
        using var own = RSA.Create(2048);
        JsonObject header = ForgedToken.Header(good).With("kid", kid);
        await RefusedAsync(ForgedToken.Sign(header, ForgedToken.Claims(good), own));
        await RefusedAsync(ForgedToken.Mac(header.With("alg", "HS256"), ForgedToken.Claims(good), []));
        using RSA key = target.SigningKey();
        await RefusedAsync(ForgedToken.Sign(header, ForgedToken.Claims(good), key));
    }

    [Theory(DisplayName = "A06 A token of the server for another audience")]
    [InlineData("https://evil.example")]
    [InlineData("https://management.azure.com.evil.example")]
    [InlineData("https://storage.azure.com")]
    [InlineData("")]
    [InlineData(null)]
    public Task Wrong_audience(string? audience) => RefusedWithAsync("aud", audience);

    [Theory(DisplayName = "A07 A token of another issuer")]
    [InlineData("https://login.microsoftonline.com/common/v2.0")]
    [InlineData("")]
    [InlineData(null)]
    public Task Wrong_issuer(string? issuer) => RefusedWithAsync("iss", issuer);

    [Theory(DisplayName = "A08 A token of another tenant")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData(null)]
    public Task Wrong_tenant(string? tenant) => RefusedWithAsync("tid", tenant);

    [Fact(DisplayName = "A09 An expired token, and one without an end")]
    public async Task Expired()
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        await RefusedWithAsync("exp", now - 600);
        await RefusedWithAsync("exp", null);
        await RefusedWithAsync("exp", "9999999999");
        await RefusedWithAsync("exp", double.MaxValue);
    }

    [Fact(DisplayName = "A10 A token that is not good yet")]
    public Task Not_yet() => RefusedWithAsync("nbf", DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 3600);

    [Fact(DisplayName = "A11 An id token in the place of an access token")]
    public async Task An_id_token()
    {
        JsonNode answer = await target.Ann.RedeemAsync(await target.Ann.CodeAsync());
        await RefusedAsync(answer["id_token"]!.GetValue<string>());
    }

    [Fact(DisplayName = "A12 A token whose claims were changed after it was signed")]
    public async Task Changed_claims()
    {
        string[] good = (await GoodAsync()).Split('.');
        string other = ForgedToken.Unsigned(ForgedToken.Header(string.Join('.', good)), ForgedToken.Claims(string.Join('.', good)).With("oid", Guid.NewGuid().ToString())).Split('.')[1];
        await RefusedAsync($"{good[0]}.{other}.{good[2]}");
    }

    [Fact(DisplayName = "A13 A claim that stands twice, so that two readers see two people")]
    public async Task A_claim_twice()
    {
        string good = await GoodAsync();
        using RSA key = target.SigningKey();
        string claims = ForgedToken.Claims(good).ToJsonString();
        await RefusedAsync(ForgedToken.Sign(ForgedToken.Header(good).ToJsonString(), claims[..^1] + $",\"oid\":\"{Guid.NewGuid()}\"}}", key));
        await RefusedAsync(ForgedToken.Sign("{\"alg\":\"none\"," + ForgedToken.Header(good).ToJsonString()[1..], claims, key));
    }

    [Fact(DisplayName = "A14 Another spelling of a token, which would be another token to revocation")]
    public async Task Another_spelling()
    {
        string good = await GoodAsync();
        // The last character of 256 bytes carries unused bits.
        char last = good[^1];
        foreach (char other in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".Where(other => other != last))
            await RefusedAsync(good[..^1] + other);
        await RefusedAsync(good + "=");
        await RefusedAsync(good + ".");
        await RefusedAsync(good.Replace('-', '+').Replace('_', '/') + "A");
    }

    [Fact(DisplayName = "A15 Two Authorization headers, of which a proxy checks the other")]
    public async Task Two_headers()
    {
        string good = await GoodAsync();
        ArmAnswer answer = await target.AskAsync(null, HttpMethod.Get, target.Carrel.Workspace, change: request =>
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + good);
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer x.y.z");
        });
        ((int)answer.Status).ShouldBe(401);
    }

    [Fact(DisplayName = "A16 A person's token with the roles or the kind of somebody else written into it")]
    public async Task Claims_that_grant_nothing()
    {
        string good = await GoodAsync();
        using RSA key = target.SigningKey();
        string token = ForgedToken.Sign(ForgedToken.Header(good), ForgedToken.Claims(good).With("roles", new JsonArray("Owner")).With("wids", new JsonArray("62e90394-69f5-4237-9190-012177145e10")), key);
        ArmAnswer answer = await target.AskAsync(token, HttpMethod.Delete, target.Carrel.Workspace);
        ((int)answer.Status).ShouldBe(403);
    }

    private async Task<string> GoodAsync()
    {
        string token = await target.Ann.TokenAsync();
        ((int)(await target.AskAsync(token, HttpMethod.Get, target.Carrel.Workspace)).Status).ShouldBe(200, "the token that forgeries are made of is good");
        return token;
    }

    // Signed with the server's own key: only the claim can be the reason.
    private async Task RefusedWithAsync(string claim, JsonNode? value)
    {
        string good = await GoodAsync();
        using RSA key = target.SigningKey();
        await RefusedAsync(ForgedToken.Sign(ForgedToken.Header(good), ForgedToken.Claims(good).With(claim, value), key));
        ((int)(await target.AskAsync(ForgedToken.Sign(ForgedToken.Header(good), ForgedToken.Claims(good), key), HttpMethod.Get, target.Carrel.Workspace)).Status).ShouldBe(200);
    }

    private async Task RefusedAsync(string token)
    {
        ArmAnswer arm = await target.AskAsync(token, HttpMethod.Get, target.Carrel.Workspace);
        ((int)arm.Status).ShouldBe(401, token);
        using HttpClient http = target.Carrel.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(target.Origin("ann-desk"), "/api/status"));
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        using HttpResponseMessage application = await http.SendAsync(request);
        ((int)application.StatusCode).ShouldBe(401, token);
    }
}
