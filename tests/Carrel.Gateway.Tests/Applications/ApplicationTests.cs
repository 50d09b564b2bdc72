using System.Net;
using System.Web;
using Carrel.Gateway.Instances;
using Carrel.Gateway.Tests.Support;

namespace Carrel.Gateway.Tests.Applications;

/// <summary>Custom services have origins of their own, <c>NAME-PORT</c>, with the instance's rules (contract 13.3).</summary>
public sealed class ApplicationTests
{
    [Fact]
    public async Task The_owner_is_told_that_the_service_does_not_answer_and_that_there_is_no_other()
    {
        await using GatewayHost host = await WithServiceAsync();
        Browser browser = await host.SignedInAsync(host.Ann);
        using HttpResponseMessage service = await browser.NavigateAsync(host.Origin("ann-8787") + "/");
        service.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await service.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("R &amp; Studio");

        using HttpResponseMessage other = await browser.NavigateAsync(host.Origin("ann-8788") + "/");
        other.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        host.Upstream.Seen.ShouldBeEmpty("Jupyter answers under the instance's own name only");
    }

    [Fact]
    public async Task Somebody_else_learns_nothing_of_it()
    {
        await using GatewayHost host = await WithServiceAsync();
        Browser browser = await host.SignedInAsync(host.Bob);
        foreach (string name in (string[])["ann-8787", "ann-8788", "nobody-8787"])
        {
            using HttpResponseMessage answer = await browser.NavigateAsync(host.Origin(name) + "/");
            answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task Each_has_a_way_in_of_its_own_and_a_cookie_that_stays_there()
    {
        await using GatewayHost host = await WithServiceAsync();
        using HttpResponseMessage answer = await new Browser(host).StepAsync(host.Origin("ann-8787") + "/");
        HttpUtility.ParseQueryString(answer.Headers.Location!.Query)["redirect_uri"].ShouldBe(host.Origin("ann-8787") + "/.carrel/callback");
        string cookie = answer.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldStartWith("__Host-");
        cookie.ShouldNotContain("domain", Case.Insensitive);
    }

    private static async Task<GatewayHost> WithServiceAsync()
    {
        GatewayHost host = await GatewayHost.StartAsync();
        InstanceRoute route = host.AddInstance("ann", host.Ann.ObjectId);
        host.Routes["ann"] = route with { Applications = [new ApplicationRoute("R & Studio", 8787)] };
        return host;
    }
}
