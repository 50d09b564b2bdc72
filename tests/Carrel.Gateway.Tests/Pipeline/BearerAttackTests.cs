using System.Net;
using System.Net.WebSockets;
using Carrel.Access.Directory;
using Carrel.Access.Tokens;
using Carrel.Arm.Identity;
using Carrel.Gateway.Tests.Support;

namespace Carrel.Gateway.Tests.Pipeline;

public sealed class BearerAttackTests
{
    [Fact]
    public async Task The_owners_bearer_token_opens_HTTP_and_WebSocket_without_an_origin()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        string bearer = "Bearer " + host.TokenOf(host.Ann);
        using HttpResponseMessage posted = await host.SendAsync(HttpMethod.Post, host.Origin("ann") + "/api", ("Authorization", bearer));
        posted.StatusCode.ShouldBe(HttpStatusCode.OK);
        using ClientWebSocket socket = await new Browser(host).ConnectAsync("ann", "/ws", ("Authorization", bearer));
        socket.State.ShouldBe(WebSocketState.Open);
    }

    [Fact]
    public async Task A_service_principal_opens_its_own_instance()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        var program = new ServicePrincipal(Guid.NewGuid(), Guid.NewGuid(), "robot", CallerKind.Application, host.Time.GetUtcNow());
        await host.Get<IDirectoryStore>().TryAddServicePrincipalAsync(program, [], TestContext.Current.CancellationToken);
        host.AddInstance("robot", program.ObjectId);
        await host.GiveAsync(program.ObjectId, "AzureML Data Scientist");
        string token = host.Get<TokenIssuer>().Issue(new TokenRequest(program.ObjectId, CallerKind.Application, host.Studio, program.ClientId.ToString())).Value;
        using HttpResponseMessage answer = await host.SendAsync(HttpMethod.Get, host.Origin("robot") + "/api", ("Authorization", "Bearer " + token));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Another_users_bearer_token_is_refused_on_HTTP_and_WebSocket()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        string bearer = "Bearer " + host.TokenOf(host.Bob);
        using HttpResponseMessage answer = await host.SendAsync(HttpMethod.Get, host.Origin("ann") + "/api", ("Authorization", bearer));
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        RefusedException refused = await Should.ThrowAsync<RefusedException>(() => new Browser(host).ConnectAsync("ann", "/ws", ("Authorization", bearer)));
        refused.Status.ShouldBe(HttpStatusCode.Forbidden);
        host.Upstream.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_expired_token_and_one_for_another_audience_are_refused()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        string foreign = host.Get<TokenIssuer>().IssueIdToken(new TokenRequest(host.Ann.ObjectId, CallerKind.User, "x", "cli", host.Ann.UserName), "cli", null).Value;
        using HttpResponseMessage other = await host.SendAsync(HttpMethod.Get, host.Origin("ann") + "/api", ("Authorization", "Bearer " + foreign));
        other.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        string bearer = "Bearer " + host.TokenOf(host.Ann);
        using HttpResponseMessage good = await host.SendAsync(HttpMethod.Get, host.Origin("ann") + "/api", ("Authorization", bearer));
        good.StatusCode.ShouldBe(HttpStatusCode.OK);
        host.Time.Advance(TimeSpan.FromHours(2));
        using HttpResponseMessage late = await host.SendAsync(HttpMethod.Get, host.Origin("ann") + "/api", ("Authorization", bearer));
        late.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await late.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("ExpiredAuthenticationToken");
        host.Upstream.Seen.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("Bearer nonsense")]
    [InlineData("Basic YW5uOnB3")]
    [InlineData("token x")]
    [InlineData("")]
    public async Task With_both_the_header_decides_and_a_bad_one_is_not_saved_by_the_cookie(string authorization)
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        Browser browser = await host.InsideAsync(host.Ann, "ann");
        using HttpResponseMessage answer = await browser.StepAsync(host.Origin("ann") + "/api", null, ("Authorization", authorization));
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using HttpResponseMessage other = await browser.StepAsync(host.Origin("ann") + "/api", null, ("Authorization", "Bearer " + host.TokenOf(host.Bob)));
        other.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        host.Upstream.Seen.ShouldBeEmpty();
    }
}
