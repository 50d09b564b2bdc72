using System.Text.Json.Nodes;

namespace Carrel.Attack.Requests;

/// <summary>Requests that gateway and machine might cut differently, and headers that speak to one of them.</summary>
public sealed class SmugglingTests(Target target)
{
    private const string Smuggled = "DELETE /api/terminals/smuggled HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n";

    private string Host => target.Origin("bob-desk").Authority;

    [Theory(DisplayName = "A41 Smuggling: a length and chunks, two lengths, chunks in a strange spelling")]
    [InlineData("Content-Length: 4\r\nTransfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 4")]
    [InlineData("Content-Length: 4\r\nContent-Length: 99")]
    [InlineData("Content-Length: 4\r\nTransfer-Encoding : chunked")]
    [InlineData("Content-Length: 4\r\nTransfer-Encoding: xchunked")]
    [InlineData("Content-Length: 4\r\nTransfer-Encoding: identity, chunked")]
    [InlineData("Content-Length: 4\r\n Transfer-Encoding: chunked")]
    [InlineData("Content-Length: 4\r\nTransfer-Encoding:\u000bchunked")]
    [InlineData("Content-Length: +4")]
    [InlineData("Content-Length: 4, 4")]
    [InlineData("Content-Length: 0x4")]
    public async Task Two_readings(string framing)
    {
        await using RawConnection connection = await RawConnection.OpenAsync(target.Carrel, target.Origin("bob-desk").Host);
        string answer = await connection.SendAsync(
            $"POST /api/contents HTTP/1.1\r\nHost: {Host}\r\nAuthorization: Bearer {await target.Bob.TokenAsync()}\r\n{framing}\r\n\r\n0\r\n\r\n{Smuggled}");
        string[] answers = answer.Split("HTTP/1.1 ", StringSplitOptions.RemoveEmptyEntries);
        answers.ShouldNotBeEmpty();
        answers.Count(one => one.Contains("TornadoServer", StringComparison.Ordinal)).ShouldBeLessThanOrEqualTo(1, "the machine saw one request at most");
        answers.Skip(1).ShouldAllBe(one => one.StartsWith("400", StringComparison.Ordinal) || one.StartsWith("421", StringComparison.Ordinal), "what stood behind it was no request to the machine");
    }

    [Fact(DisplayName = "A42 Hop-by-hop: naming the machine's secret in Connection so that the gateway takes it out")]
    public async Task Naming_the_secret_in_Connection()
    {
        await using RawConnection connection = await RawConnection.OpenAsync(target.Carrel, target.Origin("bob-desk").Host);
        string answer = await connection.SendAsync(
            $"GET /api/status HTTP/1.1\r\nHost: {Host}\r\nAuthorization: Bearer {await target.Bob.TokenAsync()}\r\nConnection: close, X-Carrel-Proxy-Secret, X-Carrel-User, Authorization\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 200 ");
    }

    [Fact(DisplayName = "A43 A method in a header, for proxies that believe it")]
    public async Task A_method_in_a_header()
    {
        foreach (string name in (string[])["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
        {
            ArmAnswer answer = await target.AskAsync(target.Administrator.Token, HttpMethod.Get, target.BobsDesk, change: request => request.Headers.TryAddWithoutValidation(name, "DELETE"));
            ((int)answer.Status).ShouldBe(200);
        }

        ((int)(await target.AskAsync(target.Administrator.Token, HttpMethod.Get, target.BobsDesk)).Status).ShouldBe(200, "it is still there");
    }

    [Theory(DisplayName = "A44 Paths that lead to the gateway's own pages, or out of them, by another spelling")]
    [InlineData("/.carrel/../api/status")]
    [InlineData("/%2ecarrel/callback?code=x&state=y")]
    [InlineData("/.carrel%2fcallback")]
    [InlineData("//.carrel/callback")]
    [InlineData("/./.carrel/callback")]
    [InlineData("/x/%2e%2e/.carrel/callback")]
    [InlineData("/\\.carrel\\callback")]
    [InlineData("/.CARREL/callback")]
    public async Task The_gateways_own_pages(string path)
    {
        await using RawConnection connection = await RawConnection.OpenAsync(target.Carrel, target.Origin("bob-desk").Host);
        string answer = await connection.SendAsync($"GET {path} HTTP/1.1\r\nHost: {Host}\r\nAuthorization: Bearer {await target.Bob.TokenAsync()}\r\nConnection: close\r\n\r\n");
        answer.ShouldMatch("^HTTP/1.1 (400|404|405|302) ");
        answer.ShouldNotContain("TornadoServer", Case.Insensitive, "nothing of it reaches the machine");
    }

    [Fact(DisplayName = "A45 A body that is too large or too deep, sent by somebody unknown")]
    public async Task Too_large_and_too_deep()
    {
        string deep = new string('[', 100_000);
        ((int)(await target.AskAsync(await target.Bob.TokenAsync(), HttpMethod.Put, target.BobsDesk, deep)).Status).ShouldBeInRange(400, 413);
        ((int)(await target.AskAsync(null, HttpMethod.Put, target.BobsDesk, deep)).Status).ShouldBe(401);
        var wide = new JsonObject { ["x"] = new string('a', 5 * 1024 * 1024) };
        ((int)(await target.AskAsync(await target.Bob.TokenAsync(), HttpMethod.Put, target.BobsDesk, wide.ToJsonString())).Status).ShouldBeInRange(400, 413);
    }
}
