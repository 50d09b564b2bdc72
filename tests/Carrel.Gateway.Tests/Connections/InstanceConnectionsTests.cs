using System.Net;
using System.Net.WebSockets;
using Carrel.Access.Directory;
using Carrel.Access.Directory.Administration;
using Carrel.Access.Roles;
using Carrel.Access.SignIn;
using Carrel.Arm.Audit;
using Carrel.Arm.Identity;
using Carrel.Gateway.Connections;
using Carrel.Gateway.Origins;
using Carrel.Gateway.Pipeline;
using Carrel.Gateway.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carrel.Gateway.Tests.Connections;

public sealed class InstanceConnectionsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Signing_out_ends_the_session_and_its_open_WebSocket_and_no_other()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        Browser browser = await host.InsideAsync(host.Ann, "ann");
        Browser elsewhere = await host.InsideAsync(host.Ann, "ann");
        string old = browser.InstanceCookie("ann");
        using ClientWebSocket closes = await browser.ConnectAsync("ann", "/ws", ("Origin", host.Origin("ann")));
        using ClientWebSocket stays = await elsewhere.ConnectAsync("ann", "/ws", ("Origin", host.Origin("ann")));

        using HttpResponseMessage foreign = await browser.StepAsync(host.Origin("ann") + "/.carrel/signout", HttpMethod.Post, ("Origin", host.Origin("bob")));
        foreign.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using HttpResponseMessage answer = await browser.StepAsync(host.Origin("ann") + "/.carrel/signout", HttpMethod.Post, ("Origin", host.Origin("ann")));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        await ShouldBeEndedAsync(closes);
        await ShouldWorkAsync(stays);
        using HttpResponseMessage late = await host.SendAsync(HttpMethod.Get, host.Origin("ann") + "/api", ("Cookie", "__Host-carrel-instance=" + old));
        late.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Deleting_an_instance_ends_what_is_open_to_it_and_to_no_other()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        using ClientWebSocket closes = await OpenAsync(host, "ann");
        host.AddInstance("ann-two", host.Ann.ObjectId);
        using ClientWebSocket stays = await OpenAsync(host, "ann-two");
        InstanceConnections connections = host.Get<InstanceConnections>();
        connections.CloseInstance(host.Routes["ann"].Uid).ShouldBe(1);
        await ShouldBeEndedAsync(closes);
        await ShouldWorkAsync(stays);
        connections.CloseUser(host.Ann.ObjectId).ShouldBe(1);
        await ShouldBeEndedAsync(stays);
    }

    [Fact]
    public async Task The_sweep_ends_a_WebSocket_whose_token_expired_whose_owner_changed_or_whose_studio_session_ended()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        Browser browser = await host.InsideAsync(host.Bob, "bob");
        using ClientWebSocket bySession = await browser.ConnectAsync("bob", "/ws", ("Origin", host.Origin("bob")));
        using ClientWebSocket byToken = await OpenAsync(host, "ann");
        host.AddInstance("ann-two", host.Ann.ObjectId);
        using ClientWebSocket byOwner = await OpenAsync(host, "ann-two");
        ConnectionSweep sweep = host.Get<IEnumerable<IHostedService>>().OfType<ConnectionSweep>().Single();
        host.Time.Advance(TimeSpan.FromMinutes(1));

        await sweep.SweepAsync(Cancellation);
        await ShouldWorkAsync(byToken);
        await ShouldWorkAsync(bySession);

        host.Routes["ann-two"] = host.Routes["ann-two"] with { Owner = host.Bob.ObjectId };
        await sweep.SweepAsync(Cancellation);
        await ShouldBeEndedAsync(byOwner);

        Sessions sessions = host.Get<Sessions>();
        SignedIn studio = (await sessions.FindAsync(browser.Cookie("localhost", StudioSession.Cookie), SessionKind.Studio, null, Cancellation))!;
        await sessions.EndAsync(studio.Session, Cancellation);
        await sweep.SweepAsync(Cancellation);
        await ShouldBeEndedAsync(bySession);

        await ShouldWorkAsync(byToken);
        host.Time.Advance(TimeSpan.FromHours(2));
        await sweep.SweepAsync(Cancellation);
        await ShouldBeEndedAsync(byToken);
    }

    [Fact]
    public async Task Disabling_a_person_ends_the_open_WebSockets_within_five_seconds_and_nobody_elses()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        Browser browser = await host.InsideAsync(host.Ann, "ann");
        using ClientWebSocket bySession = await browser.ConnectAsync("ann", "/ws", ("Origin", host.Origin("ann")));
        using ClientWebSocket byToken = await OpenAsync(host, "ann");
        Browser bob = await host.InsideAsync(host.Bob, "bob");
        using ClientWebSocket stays = await bob.ConnectAsync("bob", "/ws", ("Origin", host.Origin("bob")));
        await ShouldWorkAsync(bySession);
        string old = host.TokenOf(host.Ann);

        long began = TimeProvider.System.GetTimestamp();
        var asker = new DirectoryAsker(new Caller(Guid.Empty, host.Bob.ObjectId, null, "bob", CallerKind.User), AuditRequest.New());
        await host.Get<PrincipalAdministration>().ChangeAsync(host.Ann.ObjectId, new PrincipalChange { Enabled = false }, "ann", asker, Cancellation);
        await ShouldBeEndedAsync(bySession);
        await ShouldBeEndedAsync(byToken);
        TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(5));
        await ShouldWorkAsync(stays);
        (await Should.ThrowAsync<RefusedException>(() => browser.ConnectAsync("ann", "/ws", ("Origin", host.Origin("ann"))))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await Should.ThrowAsync<RefusedException>(() => new Browser(host).ConnectAsync("ann", "/ws", ("Authorization", "Bearer " + old)))).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task What_was_checked_before_somebody_was_disabled_and_opens_afterwards_is_refused()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        InstanceConnections connections = host.Get<InstanceConnections>();
        var visit = new InstanceVisit(new DefaultHttpContext(), new InstanceOrigin("ann", "lab", "ann.lab.instances.localhost"))
        {
            Closings = connections.Closings,
            Route = host.Routes["ann"],
            Visitor = new Visitor(host.Get<HomeTenant>().CallerOf(host.Ann), null, host.TokenOf(host.Ann)),
        };
        host.Time.Advance(TimeSpan.FromSeconds(1));
        await host.Get<IDirectoryStore>().UpdatePrincipalAsync(host.Ann.ObjectId, new PrincipalChange { Enabled = false, SignInsFrom = host.Time.GetUtcNow() }, Cancellation);
        connections.CloseUser(host.Ann.ObjectId).ShouldBe(0);
        IResult? answer = await host.Get<ForwardStep>().RunAsync(visit);
        answer.ShouldNotBeNull();
        host.Upstream.Seen.ShouldBeEmpty();
        connections.Count.ShouldBe(0);
    }

    [Fact]
    public async Task The_sweep_ends_what_is_open_when_the_role_is_taken_away()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        using ClientWebSocket open = await OpenAsync(host, "ann");
        IRoleAssignmentStore roles = host.Get<IRoleAssignmentStore>();
        foreach (RoleAssignment role in await roles.ListForPrincipalAsync(host.Ann.ObjectId, Cancellation))
            await roles.RemoveAsync(role.Id, null, Cancellation);
        host.Time.Advance(TimeSpan.FromMinutes(1));
        await host.Get<IEnumerable<IHostedService>>().OfType<ConnectionSweep>().Single().SweepAsync(Cancellation);
        await ShouldBeEndedAsync(open);
    }

    private static Task<ClientWebSocket> OpenAsync(GatewayHost host, string name) =>
        new Browser(host).ConnectAsync(name, "/ws", ("Authorization", "Bearer " + host.TokenOf(host.Ann)));

    private static async Task ShouldWorkAsync(ClientWebSocket socket)
    {
        byte[] buffer = [1, 2, 3];
        await socket.SendAsync(buffer, WebSocketMessageType.Binary, true, Cancellation);
        (await socket.ReceiveAsync(buffer, Cancellation)).Count.ShouldBe(3);
    }

    private static async Task ShouldBeEndedAsync(ClientWebSocket socket) =>
        await Should.ThrowAsync<WebSocketException>(() => socket.ReceiveAsync(new byte[10], Cancellation).WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
}
