using System.Net;
using System.Web;
using Carrel.Access.Directory;
using Carrel.Gateway.Tests.Support;

namespace Carrel.Gateway.Tests.WayIn;

public sealed class WayInTests
{
    [Fact(DisplayName = "9.T3 Somebody whom the directory did not know is the owner from the first sign-in on")]
    public async Task A_person_who_is_added_with_the_object_id_that_an_instance_waits_for_opens_it()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        var id = Guid.NewGuid();
        host.AddInstance("carol", id);
        var carol = new DirectoryUser(id, "carol@carrel.local", "Carol", "", host.Time.GetUtcNow());
        (await host.Get<IDirectoryStore>().TryAddUserAsync(carol, TestContext.Current.CancellationToken)).ShouldBeTrue();
        await host.GiveAsync(id, "AzureML Data Scientist");
        await host.InsideAsync(carol, "carol");
        Browser creator = await host.SignedInAsync(host.Ann);
        using HttpResponseMessage refused = await creator.NavigateAsync(host.Origin("carol") + "/lab");
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_signed_in_owner_is_led_to_the_path_first_asked_for()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        Browser browser = await host.SignedInAsync(host.Ann);
        using HttpResponseMessage page = await browser.NavigateAsync(host.Origin("ann") + "/lab/tree/a%2Fb?reset=1");
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("from the machine");
        host.Upstream.Seen.Single().Target.ShouldBe("/lab/tree/a%2Fb?reset=1");
    }

    [Fact]
    public async Task A_browser_without_session_is_sent_to_the_authority_with_PKCE_and_a_cookie_of_this_host_alone()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        using HttpResponseMessage answer = await new Browser(host).StepAsync(host.Origin("ann") + "/lab");
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        Uri location = answer.Headers.Location!;
        location.GetLeftPart(UriPartial.Authority).ShouldBe(host.Studio);
        var query = HttpUtility.ParseQueryString(location.Query);
        query["redirect_uri"].ShouldBe(host.Origin("ann") + "/.carrel/callback");
        query["code_challenge_method"].ShouldBe("S256");
        string cookie = answer.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldStartWith("__Host-carrel-way-in=");
        foreach (string attribute in (string[])["secure", "httponly", "samesite=lax", "path=/", "max-age="])
            cookie.ShouldContain(attribute, Case.Insensitive);
        cookie.ShouldNotContain("domain", Case.Insensitive);
        host.Upstream.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_program_without_token_gets_401_with_a_challenge()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        using HttpResponseMessage answer = await host.SendAsync(HttpMethod.Get, host.Origin("ann") + "/api/status");
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ToString().ShouldStartWith("Bearer ");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        host.Upstream.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_tabs_come_in_side_by_side()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        Browser browser = await host.SignedInAsync(host.Ann);
        string first = await browser.StopBeforeAsync(host.Origin("ann") + "/first", "/.carrel/callback");
        string second = await browser.StopBeforeAsync(host.Origin("ann") + "/second", "/.carrel/callback");
        using HttpResponseMessage one = await browser.StepAsync(first);
        using HttpResponseMessage two = await browser.StepAsync(second);
        one.Headers.Location!.ToString().ShouldBe(host.Origin("ann") + "/first");
        two.Headers.Location!.ToString().ShouldBe(host.Origin("ann") + "/second");
    }

    [Fact]
    public async Task The_session_cookie_is_of_this_host_alone()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        Browser browser = await host.SignedInAsync(host.Ann);
        string callback = await browser.StopBeforeAsync(host.Origin("ann") + "/lab", "/.carrel/callback");
        using HttpResponseMessage answer = await browser.StepAsync(callback);
        string cookie = answer.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldStartWith("__Host-carrel-instance=");
        foreach (string attribute in (string[])["secure", "httponly", "samesite=lax", "path=/"])
            cookie.ShouldContain(attribute, Case.Insensitive);
        cookie.ShouldNotContain("domain", Case.Insensitive);
    }

    [Theory]
    [InlineData("Stopped", false)]
    [InlineData("Starting", true)]
    [InlineData("UserSettingUp", true)]
    public async Task An_instance_that_does_not_run_answers_409_and_reloads_while_it_comes_up(string state, bool reloads)
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        Browser browser = await host.InsideAsync(host.Ann, "ann");
        host.Routes["ann"] = host.Routes["ann"] with { State = state, IsOpen = false };
        using HttpResponseMessage page = await browser.StepAsync(host.Origin("ann") + "/lab");
        page.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        string html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        html.Contains("http-equiv=\"refresh\"", StringComparison.Ordinal).ShouldBe(reloads);

        using HttpResponseMessage json = await host.SendAsync(HttpMethod.Get, host.Origin("ann") + "/api", ("Authorization", "Bearer " + host.TokenOf(host.Ann)));
        json.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await json.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("ComputeInstanceNotRunning");
    }

    [Fact]
    public async Task A_stranger_does_not_learn_that_an_instance_is_stopped()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        host.Routes["ann"] = host.Routes["ann"] with { State = "Stopped", IsOpen = false };
        using HttpResponseMessage answer = await host.SendAsync(HttpMethod.Get, host.Origin("ann") + "/", ("Authorization", "Bearer " + host.TokenOf(host.Bob)));
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_machine_that_does_not_answer_is_named_in_a_502()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        host.Routes["ann"] = host.Routes["ann"] with { Port = 1 };
        using HttpResponseMessage answer = await host.SendAsync(HttpMethod.Get, host.Origin("ann") + "/", ("Authorization", "Bearer " + host.TokenOf(host.Ann)));
        answer.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("'ann'");
    }
}
