using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Carrel.Access.Tests.Support;
using Carrel.Access.Tokens;

namespace Carrel.Access.Tests.Tokens;

public sealed class TokenAttackTests : IAsyncLifetime
{
    private AccessHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await AccessHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private SigningKey Key => _host.Get<SigningKeys>().Current;

    private TokenFault Check(string token) => _host.Get<ValidatedTokens>().Validate(token).Fault;

    private string Claims(string extra = "", string? audience = AccessHost.Origin, string? issuer = null, Guid? tenant = null, int nbf = 0, int exp = 3600)
    {
        long now = _host.Time.GetUtcNow().ToUnixTimeSeconds();
        return $$"""
            {"aud":"{{audience}}","iss":"{{issuer ?? _host.Get<TokenIssuer>().Issuer}}","tid":"{{tenant ?? _host.Tenant}}","oid":"{{Guid.NewGuid()}}",
            "idtyp":"user","upn":"eve@carrel.local","nbf":{{now + nbf}},"exp":{{now + exp}}{{extra}}}
            """;
    }

    private string Header(string algorithm = "RS256", string? kid = null, string extra = "") =>
        $$"""{"typ":"JWT","alg":"{{algorithm}}","kid":"{{kid ?? Key.Id}}"{{extra}}}""";

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private string Sign(string header, string claims)
    {
        string content = Encode(header) + "." + Encode(claims);
        return content + "." + Base64Url.EncodeToString(Key.Sign(Encoding.ASCII.GetBytes(content)));
    }

    [Fact]
    public void The_forger_of_these_tests_makes_good_tokens_when_it_changes_nothing() => Check(Sign(Header(), Claims())).ShouldBe(TokenFault.None);

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("rs256")]
    [InlineData("RS384")]
    [InlineData("PS256")]
    [InlineData("HS256")]
    [InlineData("")]
    [InlineData("\\ud800")]
    public void Any_other_algorithm_is_refused_even_with_a_good_signature(string algorithm) =>
        Check(Sign(Header(algorithm), Claims())).ShouldBe(TokenFault.Invalid);

    [Fact]
    public void An_unsigned_token_is_refused()
    {
        Check($"{Encode(Header("none"))}.{Encode(Claims())}.").ShouldBe(TokenFault.Invalid);
        Check($"{Encode(Header("none"))}.{Encode(Claims())}").ShouldBe(TokenFault.Invalid);
        Check($"{Encode(Header())}.{Encode(Claims())}.").ShouldBe(TokenFault.Invalid);
    }

    [Fact]
    public void A_token_signed_with_the_public_key_as_a_password_is_refused()
    {
        foreach (string algorithm in (string[])["HS256", "RS256"])
        {
            string content = Encode(Header(algorithm)) + "." + Encode(Claims());
            foreach (string password in (string[])[Key.Modulus, Key.Id])
            {
                byte[] mac = HMACSHA256.HashData(Encoding.ASCII.GetBytes(password), Encoding.ASCII.GetBytes(content));
                Check(content + "." + Base64Url.EncodeToString(mac)).ShouldBe(TokenFault.Invalid);
            }
        }
    }

    [Fact]
    public void An_unknown_key_is_refused_and_so_is_a_foreign_key_under_our_id()
    {
        Check(Sign(Header(kid: "other"), Claims())).ShouldBe(TokenFault.Invalid);
        using var foreign = RSA.Create(2048);
        string content = Encode(Header()) + "." + Encode(Claims());
        byte[] signature = foreign.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        Check(content + "." + Base64Url.EncodeToString(signature)).ShouldBe(TokenFault.Invalid);
    }

    [Theory]
    [InlineData(""","crit":["exp"]""")]
    [InlineData(""","jku":"https://evil.example/keys" """)]
    [InlineData(""","zip":"DEF" """)]
    [InlineData(""","alg":"none" """)]
    public void A_header_with_members_we_never_write_or_write_once_is_refused(string extra) =>
        Check(Sign(Header(extra: extra), Claims())).ShouldBe(TokenFault.Invalid);

    [Fact]
    public void Repeated_claims_are_refused() => Check(Sign(Header(), Claims($",\"oid\":\"{Guid.NewGuid()}\""))).ShouldBe(TokenFault.Invalid);

    [Fact]
    public void Wrong_issuer_tenant_and_audience_are_refused()
    {
        Check(Sign(Header(), Claims(issuer: "https://login.microsoftonline.com/x/v2.0"))).ShouldBe(TokenFault.Invalid);
        Check(Sign(Header(), Claims(tenant: Guid.NewGuid()))).ShouldBe(TokenFault.Invalid);
        Check(Sign(Header(), Claims(audience: "https://vault.azure.net"))).ShouldBe(TokenFault.WrongAudience);
        Check(Sign(Header(), Claims(audience: "CarrelCli"))).ShouldBe(TokenFault.WrongAudience);
    }

    [Theory]
    [InlineData(AccessHost.Origin)]
    [InlineData(AccessHost.Origin + "/")]
    [InlineData("https://management.azure.com")]
    [InlineData("https://management.azure.com/")]
    [InlineData("https://management.core.windows.net")]
    [InlineData("https://management.core.windows.net/")]
    public void Every_audience_of_ARM_is_accepted(string audience) => Check(Sign(Header(), Claims(audience: audience))).ShouldBe(TokenFault.None);

    [Fact]
    public void Time_counts_with_five_minutes_of_skew()
    {
        Check(Sign(Header(), Claims(nbf: 299))).ShouldBe(TokenFault.None);
        Check(Sign(Header(), Claims(nbf: 301))).ShouldBe(TokenFault.Invalid);
        Check(Sign(Header(), Claims(exp: -299))).ShouldBe(TokenFault.None);
        Check(Sign(Header(), Claims(exp: -301))).ShouldBe(TokenFault.Expired);
    }

    [Fact]
    public void Expiry_is_looked_at_on_every_hit_of_the_memory()
    {
        string token = Sign(Header(), Claims());
        Check(token).ShouldBe(TokenFault.None);
        _host.Time.Advance(TimeSpan.FromMinutes(66));
        Check(token).ShouldBe(TokenFault.Expired);
        Check(token).ShouldBe(TokenFault.Expired);
    }

    [Fact]
    public void Cut_changed_and_respelled_tokens_are_refused()
    {
        string token = Sign(Header(), Claims());
        for (int length = 0; length < token.Length; length += 7)
            Check(token[..length]).ShouldBe(TokenFault.Invalid);
        Check(token + "=").ShouldBe(TokenFault.Invalid);
        Check(token + ".x").ShouldBe(TokenFault.Invalid);
        Check(token + " ").ShouldBe(TokenFault.Invalid);
        Check(token.Insert(5, "\n")).ShouldBe(TokenFault.Invalid);
        // 256 signature bytes leave four unused bits in the last character: another spelling of the same bytes.
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        char other = Alphabet[Alphabet.IndexOf(token[^1]) | 1];
        Check(token[..^1] + other).ShouldBe(TokenFault.Invalid);
    }

    [Fact]
    public void A_huge_token_is_refused()
    {
        string token = Sign(Header(), Claims(",\"filler\":\"" + new string('x', 16 * 1024) + "\""));
        token.Length.ShouldBeGreaterThan(TokenValidator.LongestToken);
        Check(token).ShouldBe(TokenFault.Invalid);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"x\"")]
    [InlineData("{")]
    [InlineData("{\"alg\":256}")]
    public void Headers_and_claims_that_are_no_objects_are_refused(string json)
    {
        Check(Sign(json, Claims())).ShouldBe(TokenFault.Invalid);
        Check(Sign(Header(), json)).ShouldBe(TokenFault.Invalid);
    }

    [Fact]
    public async Task Over_HTTP_a_bad_token_is_a_401_that_tells_nothing_and_a_good_one_says_who()
    {
        using HttpResponseMessage good = await _host.SendAsync(HttpMethod.Get, "/whoami", await _host.ProgramTokenAsync());
        ((int)good.StatusCode).ShouldBe(200);
        (await good.Content.ReadAsStringAsync()).ShouldContain(_host.Secrets.ClientId.ToString());
        foreach (string? token in (string?[])[null, "", "x", Sign(Header(kid: "other"), Claims())])
        {
            using HttpResponseMessage bad = await _host.SendAsync(HttpMethod.Get, "/whoami", token);
            ((int)bad.StatusCode).ShouldBe(401);
            (await bad.Content.ReadAsStringAsync()).ShouldContain("AuthenticationFailed");
        }
    }
}
