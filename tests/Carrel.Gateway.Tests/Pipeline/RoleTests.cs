using System.Net;
using System.Text.Json.Nodes;
using Carrel.Access.Directory;
using Carrel.Access.Roles;
using Carrel.Arm.Audit;
using Carrel.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Carrel.Gateway.Tests.Pipeline;

/// <summary>Opening an instance needs both: to be its owner, and the role for it (contract 7.5).</summary>
public sealed class RoleTests
{
    private const string Action = "Microsoft.MachineLearningServices/workspaces/computes/applicationaccess/action";

    [Fact(DisplayName = "7.T8: a subscription Owner does not open another's instance, an owner without applicationaccess neither, an owner with it does")]
    public async Task Ownership_and_role()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        await host.GiveAsync(host.Bob.ObjectId, "Owner");
        (await OpenAsync(host, host.Bob, "ann")).ShouldBe((403, "ComputeInstanceAccessDenied"));
        var cleo = new DirectoryUser(Guid.NewGuid(), "cleo@carrel.local", "Cleo", "", host.Time.GetUtcNow());
        (await host.Get<IDirectoryStore>().TryAddUserAsync(cleo, CancellationToken.None)).ShouldBeTrue();
        host.AddInstance("cleo", cleo.ObjectId);
        (await OpenAsync(host, cleo, "cleo")).ShouldBe((403, "AuthorizationFailed"));
        await host.GiveAsync(cleo.ObjectId, "Reader");
        (await OpenAsync(host, cleo, "cleo")).ShouldBe((403, "AuthorizationFailed"), "Reader has no applicationaccess");
        Guid role = await host.GiveAsync(cleo.ObjectId, "AzureML Data Scientist");
        (await OpenAsync(host, cleo, "cleo")).ShouldBe((200, ""));
        await host.Get<IRoleAssignmentStore>().RemoveAsync(role, null, CancellationToken.None);
        (await OpenAsync(host, cleo, "cleo")).ShouldBe((403, "AuthorizationFailed"), "it takes effect with the next request");
    }

    [Fact(DisplayName = "7.T9: whoever made an instance for somebody else does not open it, 13.T12 Owner of the workspace or not")]
    public async Task The_creator_is_not_the_owner()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        await host.GiveAsync(host.Ann.ObjectId, "Owner");
        // Ann made "bob", which is Bob's: the gateway is told of the owner only.
        (await OpenAsync(host, host.Ann, "bob")).ShouldBe((403, "ComputeInstanceAccessDenied"));
        Browser browser = await host.SignedInAsync(host.Ann);
        using HttpResponseMessage page = await browser.NavigateAsync(host.Origin("bob") + "/lab");
        page.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_browser_of_an_owner_without_the_role_sees_why_and_a_session_ends_with_the_role()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        Browser ann = await host.InsideAsync(host.Ann, "ann");
        RoleAssignment[] roles = [.. await host.Get<IRoleAssignmentStore>().ListForPrincipalAsync(host.Ann.ObjectId, CancellationToken.None)];
        foreach (RoleAssignment role in roles)
            await host.Get<IRoleAssignmentStore>().RemoveAsync(role.Id, null, CancellationToken.None);
        using HttpResponseMessage inside = await ann.NavigateAsync(host.Origin("ann") + "/lab");
        inside.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await inside.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(Action);
        Browser anew = await host.SignedInAsync(host.Ann);
        using HttpResponseMessage way = await anew.NavigateAsync(host.Origin("ann") + "/lab");
        way.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        host.Upstream.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task Openings_and_refusals_are_written_down_once()
    {
        var trail = new Trail();
        await using GatewayHost host = await GatewayHost.StartAsync(services => services.AddSingleton<IAuditTrail>(trail));
        await host.InsideAsync(host.Ann, "ann");
        for (int i = 0; i < 3; i++)
        {
            await OpenAsync(host, host.Bob, "bob");
            await OpenAsync(host, host.Bob, "ann");
        }

        trail.Rows.Select(row => (row.Who.Name, row.Target, row.Outcome)).ShouldBe(
        [
            ("ann@carrel.local", host.ResourceId("ann"), AuditOutcome.Succeeded),
            ("bob@carrel.local", host.ResourceId("bob"), AuditOutcome.Succeeded),
            ("bob@carrel.local", host.ResourceId("ann"), AuditOutcome.Denied),
        ]);
        trail.Rows.ShouldAllBe(row => row.Action == Action);
        host.Time.Advance(RefusalRecorder.Window);
        await OpenAsync(host, host.Bob, "bob");
        await OpenAsync(host, host.Bob, "ann");
        trail.Rows.Count.ShouldBe(5);
    }

    private static async Task<(int Status, string Code)> OpenAsync(GatewayHost host, DirectoryUser user, string instance)
    {
        using HttpResponseMessage answer = await host.SendAsync(HttpMethod.Get, host.Origin(instance) + "/api", ("Authorization", "Bearer " + host.TokenOf(user)));
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, answer.IsSuccessStatusCode ? "" : JsonNode.Parse(text)!["error"]!["code"]!.GetValue<string>());
    }

    private sealed class Trail : IAuditTrail
    {
        internal List<AuditRecord> Rows { get; } = [];

        public Task WriteAsync(AuditRecord happened, CancellationToken cancellation)
        {
            lock (Rows)
                Rows.Add(happened);
            return Task.CompletedTask;
        }
    }
}
