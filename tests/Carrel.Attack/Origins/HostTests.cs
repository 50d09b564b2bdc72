namespace Carrel.Attack.Origins;

/// <summary>What a client says about the address it came to.</summary>
public sealed class HostTests(Target target)
{
    [Theory(DisplayName = "A38 A false Host")]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("localhost:1")]
    [InlineData("127.0.0.1")]
    [InlineData("localhost:8443@evil.example")]
    [InlineData("ann-desk.local.instances.evil.example")]
    public async Task A_false_host(string host)
    {
        await using RawConnection connection = await RawConnection.OpenAsync(target.Carrel, "localhost");
        string answer = await connection.SendAsync($"GET /metadata/endpoints?api-version=2022-09-01 HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        answer.ShouldMatch("^HTTP/1.1 (421|400) ");
        answer.Split("\r\n\r\n", 2)[1].ShouldNotContain("evil.example");
    }

    [Fact(DisplayName = "A39 Forwarding headers that poison the addresses in answers")]
    public async Task Poisoned_addresses()
    {
        string token = target.Administrator.Token;
        foreach ((string name, string value) in (IEnumerable<(string, string)>)
            [("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "http"), ("X-Forwarded-Prefix", "/evil"), ("Forwarded", "host=evil.example;proto=http"), ("X-Original-Host", "evil.example"), ("X-Original-URL", "/evil"), ("X-Rewrite-URL", "/evil")])
        {
            ArmAnswer start = await target.AskAsync(token, HttpMethod.Post, target.AnnsDesk + "/start", change: request => request.Headers.TryAddWithoutValidation(name, value));
            ((int)start.Status).ShouldBe(202);
            foreach (string header in (string[])["Azure-AsyncOperation", "Location"])
                start.Message.Headers.GetValues(header).Single().ShouldStartWith(target.Carrel.Url + "/subscriptions/", customMessage: name);
        }
    }

    [Fact(DisplayName = "A40 A request target that names another host")]
    public async Task A_target_of_another_host()
    {
        string host = target.Origin("bob-desk").Authority, anns = target.Origin("ann-desk").Authority;
        await using RawConnection connection = await RawConnection.OpenAsync(target.Carrel, target.Origin("bob-desk").Host);
        string answer = await connection.SendAsync(
            $"GET https://{anns}/api/status HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {await target.Bob.TokenAsync()}\r\nConnection: close\r\n\r\n");
        answer.ShouldMatch("^HTTP/1.1 (400|403|421) ");
    }
}
