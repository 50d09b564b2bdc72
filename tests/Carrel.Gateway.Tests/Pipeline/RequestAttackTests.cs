using System.Net;
using Carrel.Gateway.Pipeline;
using Carrel.Gateway.Tests.Support;

namespace Carrel.Gateway.Tests.Pipeline;

public sealed class RequestAttackTests
{
    [Theory]
    [InlineData("evil.example:PORT")]
    [InlineData("localhost.evil.example:PORT")]
    [InlineData("localhost")]
    [InlineData("localhost:1")]
    [InlineData("127.0.0.1:PORT")]
    [InlineData("ann.lab.instances.localhost.:PORT")]
    [InlineData("x.ann.lab.instances.localhost:PORT")]
    [InlineData("lab.instances.localhost:PORT")]
    [InlineData("ann.lab.instances.localhost.evil.example:PORT")]
    public async Task An_unknown_host_name_is_misdirected_and_reaches_nothing(string name)
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        string value = name.Replace("PORT", host.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        string answer = await host.SendRawAsync(
            $"GET /studio-only HTTP/1.1\r\nHost: {value}\r\nAuthorization: Bearer {host.TokenOf(host.Ann)}\r\nConnection: close\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 421 ");
        answer.ShouldNotContain("evil");
        host.Upstream.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_studios_names_reach_the_studio()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        foreach (string name in (string[])["localhost", "LOCALHOST", "carrel.localhost", "studio.carrel.localhost"])
        {
            string answer = await host.SendRawAsync($"GET /studio-only HTTP/1.1\r\nHost: {name}:{host.Port}\r\nConnection: close\r\n\r\n");
            answer.ShouldStartWith("HTTP/1.1 200 ");
        }
    }

    [Fact]
    public async Task A_tunnel_is_refused_and_reaches_nothing()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        string answer = await host.SendRawAsync(
            $"CONNECT /api HTTP/1.1\r\nHost: ann.lab.instances.localhost:{host.Port}\r\nAuthorization: Bearer {host.TokenOf(host.Ann)}\r\nConnection: close\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 400 ");
        host.Upstream.Seen.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/.carrel/../lab")]
    [InlineData("/%2ecarrel/x")]
    [InlineData("/.CARREL/callback")]
    [InlineData("/%2Ecarrel%2Fcallback")]
    [InlineData("//.carrel/callback")]
    [InlineData("/./.carrel/callback")]
    [InlineData("/%2e/.carrel/callback")]
    [InlineData("/x/../.carrel/callback")]
    [InlineData("/x/%2e%2e/.carrel/x")]
    [InlineData("/x%2f..%2f.carrel/x")]
    [InlineData("/\\.carrel\\x")]
    [InlineData("/.carrel")]
    [InlineData("/.carrel/anything")]
    public async Task No_spelling_of_the_gateways_own_paths_is_forwarded(string target)
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        string answer = await host.SendRawAsync(
            $"GET {target} HTTP/1.1\r\nHost: ann.lab.instances.localhost:{host.Port}\r\nAuthorization: Bearer {host.TokenOf(host.Ann)}\r\nConnection: close\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 404 ");
        host.Upstream.Seen.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/carrel", false)]
    [InlineData("/files/.carrel/x", false)]
    [InlineData("/lab?next=/.carrel/callback", false)]
    [InlineData("/.carrelx", false)]
    [InlineData("/.carrel?x", true)]
    public void Only_the_first_segment_makes_a_path_the_gateways_own(string target, bool own) => RequestTarget.IsOwn(target).ShouldBe(own);

    [Theory]
    [InlineData("/a%2Fb/%2e%2E/c")]
    [InlineData("//double//slash/")]
    [InlineData("/a/../b")]
    [InlineData("/x?a=%20&b=[1]|\"^`{}")]
    [InlineData("/%E4%BD%A0%00+;v=1@:&=$,!'()*")]
    [InlineData("/?")]
    public async Task A_path_is_forwarded_byte_for_byte(string target)
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        string answer = await host.SendRawAsync(
            $"GET {target} HTTP/1.1\r\nHost: ann.lab.instances.localhost:{host.Port}\r\nAuthorization: Bearer {host.TokenOf(host.Ann)}\r\nConnection: close\r\n\r\n");
        if (target.Contains("%00", StringComparison.Ordinal))
        {
            // Kestrel itself refuses an encoded zero; the machine would have to be asked by another way.
            answer.ShouldStartWith("HTTP/1.1 400 ");
            return;
        }

        answer.ShouldStartWith("HTTP/1.1 200 ");
        host.Upstream.Seen.Single().Target.ShouldBe(target);
    }

    [Fact]
    public async Task A_request_that_two_parsers_cut_differently_reaches_the_machine_as_one_at_most()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        string smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\nX-Carrel-User: root\r\n\r\n";
        string head = $"POST /outer HTTP/1.1\r\nHost: ann.lab.instances.localhost:{host.Port}\r\nAuthorization: Bearer {host.TokenOf(host.Ann)}\r\nConnection: close\r\n";
        foreach (string framing in (string[])
        [
            $"Content-Length: {5 + smuggled.Length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{smuggled}",
            $"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n{smuggled}",
            $"Transfer-Encoding: xchunked\r\nContent-Length: {smuggled.Length}\r\n\r\n{smuggled}",
            $"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n{smuggled}",
            $"Content-Length: 0\r\nContent-Length: {smuggled.Length}\r\n\r\n{smuggled}",
            $"Content-Length: +{smuggled.Length}\r\n\r\n{smuggled}",
            $"Transfer-Encoding : chunked\r\nContent-Length: {smuggled.Length}\r\n\r\n0\r\n\r\n{smuggled}",
        ])
        {
            host.Upstream.Seen.Clear();
            await host.SendRawAsync(head + framing);
            host.Upstream.Seen.Count.ShouldBeLessThanOrEqualTo(1, framing);
            host.Upstream.Seen.ShouldAllBe(seen => seen.Target == "/outer");
        }
    }

    [Theory]
    [InlineData("https://ann.lab.instances.localhost:PORT/lab")]
    [InlineData("*")]
    public async Task A_target_that_is_no_path_is_refused(string target)
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        string port = host.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        string answer = await host.SendRawAsync(
            $"OPTIONS {target.Replace("PORT", port, StringComparison.Ordinal)} HTTP/1.1\r\nHost: ann.lab.instances.localhost:{port}\r\nAuthorization: Bearer {host.TokenOf(host.Ann)}\r\nConnection: close\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 400 ");
        host.Upstream.Seen.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("ann.lab.instances.localhost", "GET", 307)]
    [InlineData("localhost", "GET", 307)]
    [InlineData("localhost", "POST", 400)]
    [InlineData("evil.example", "GET", 421)]
    public async Task Without_TLS_a_page_is_sent_to_it_and_nothing_else_is_answered(string name, string method, int status)
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        using var plain = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(new HttpMethod(method), $"http://127.0.0.1:{host.InsecurePort}//lab%2F?x=1");
        request.Headers.Host = $"{name}:{host.InsecurePort}";
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + host.TokenOf(host.Ann));
        using HttpResponseMessage answer = await plain.SendAsync(request, TestContext.Current.CancellationToken);
        ((int)answer.StatusCode).ShouldBe(status);
        answer.Headers.Location?.OriginalString.ShouldBe($"https://{name}:{host.Port}//lab%2F?x=1");
        host.Upstream.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_service_worker_of_the_whole_origin_is_refused_and_one_of_a_folder_is_not()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        string bearer = "Bearer " + host.TokenOf(host.Ann);
        using HttpResponseMessage root = await host.SendAsync(HttpMethod.Get, host.Origin("ann") + "/worker.js?a/b", ("Authorization", bearer), ("Service-Worker", "script"));
        root.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using HttpResponseMessage folder = await host.SendAsync(HttpMethod.Get, host.Origin("ann") + "/vscode/worker.js", ("Authorization", bearer), ("Service-Worker", "script"));
        folder.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
