using System.Net;
using System.Text.Json.Nodes;

namespace Carrel.Attack.Machines;

/// <summary>The owner of a machine is root in it, and means harm.</summary>
public sealed class NeighbourTests(Target target)
{
    [Fact(DisplayName = "A46 A neighbour's Jupyter, agent and secure shell, directly over the container network")]
    public async Task The_neighbours_ports()
    {
        string bobs = await target.ContainerAsync("bob-desk");
        string anns = await AddressAsync("ann-desk");
        foreach (int port in (int[])[8888, 8200, 22, 46808])
            (await ReachesAsync(bobs, anns, port)).ShouldBeFalse($"{anns}:{port}");
    }

    [Fact(DisplayName = "A47 The host's own ports from inside a machine: the server, Docker, the name of the gateway")]
    public async Task The_hosts_ports()
    {
        string bobs = await target.ContainerAsync("bob-desk");
        string gateway = await DockerObjects.ExecuteAsync(bobs, "ip route | sed -n 's/^default via \\([0-9.]*\\).*/\\1/p'");
        foreach (int port in (int[])[new Uri(target.Carrel.Url).Port, 2375, 2376, 22])
            (await ReachesAsync(bobs, gateway, port)).ShouldBeFalse($"{gateway}:{port}");
    }

    [Fact(DisplayName = "A48 The cloud's metadata service behind 169.254.169.254, under its other paths and ports")]
    public async Task The_clouds_metadata()
    {
        string bobs = await target.ContainerAsync("bob-desk");
        string instance = await DockerObjects.ExecuteAsync(bobs, "curl -s -m 4 -H 'Metadata: true' 'http://169.254.169.254/metadata/instance?api-version=2021-02-01' || true");
        instance.ShouldNotContain("compute\":", Case.Insensitive);
        (await DockerObjects.ExecuteAsync(bobs, "curl -s -m 4 http://169.254.169.254/latest/meta-data/ || true")).ShouldNotContain("ami-id");
        foreach (string address in (string[])["169.254.169.254", "169.254.170.2", "169.254.1.1"])
            (await ReachesAsync(bobs, address, 8080)).ShouldBeFalse(address);
    }

    [Fact(DisplayName = "A49 The gateway's credentials, collected by a program in the place of Jupyter")]
    public async Task An_application_that_collects_credentials()
    {
        string bobs = await target.ContainerAsync("bob-desk");
        await DockerObjects.ExecuteAsync(bobs, "sudo sv down /etc/carrel/sv/jupyter");
        try
        {
            await DockerObjects.ExecuteAsync(bobs, """
                cat > /tmp/collect.py <<'END'
                import http.server
                class Collect(http.server.BaseHTTPRequestHandler):
                    def do_GET(self):
                        body = str(self.headers).encode()
                        self.send_response(200); self.send_header("Content-Length", str(len(body)))
                        self.send_header("Set-Cookie", "__Host-carrel-instance=planted; Path=/; Secure")
                        self.send_header("Set-Cookie", "all=planted; Domain=localhost; Path=/")
                        self.end_headers(); self.wfile.write(body)
                http.server.HTTPServer(("0.0.0.0", 8888), Collect).serve_forever()
                END
                (setsid python3 /tmp/collect.py > /tmp/collect.log 2>&1 & echo $! > /tmp/collect.pid) ; sleep 1
                """);
            string token = await target.Bob.TokenAsync();
            using HttpClient http = target.Carrel.CreateClient(token);
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(target.Origin("bob-desk"), "/"));
            request.Headers.TryAddWithoutValidation("Cookie", "mine=1; __Host-carrel-instance=secret-session; __Host-carrel-studio=secret-session");
            request.Headers.TryAddWithoutValidation("X-Carrel-User", "ann@carrel.local");
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", "10.0.0.1");
            using HttpResponseMessage answer = await http.SendAsync(request);
            string seen = await answer.Content.ReadAsStringAsync();
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, seen);
            seen.ShouldContain("mine=1");
            seen.ShouldNotContain(token);
            seen.ShouldNotContain("Authorization", Case.Insensitive);
            seen.ShouldNotContain("secret-session");
            seen.ShouldNotContain("ann@carrel.local", customMessage: "who asks is what the gateway says");
            seen.ShouldNotContain("10.0.0.1");
            answer.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? cookies);
            (cookies ?? []).ShouldNotContain(cookie => cookie.Contains("__Host-carrel") || cookie.Contains("domain=", StringComparison.OrdinalIgnoreCase), "neither the gateway's cookie nor one for the siblings");
        }
        finally
        {
            await DockerObjects.ExecuteAsync(bobs, "kill $(cat /tmp/collect.pid); sudo sv up /etc/carrel/sv/jupyter; for i in $(seq 200); do curl -s -o /dev/null http://127.0.0.1:8888/api/status && exit 0; sleep 0.2; done");
        }
    }

    [Fact(DisplayName = "A50 Jupyter inside the machine without the gateway's secret, as a page or another user there would ask")]
    public async Task Jupyter_without_the_secret()
    {
        string bobs = await target.ContainerAsync("bob-desk");
        foreach (string path in (string[])["/api/status", "/lab", "/api/contents", "/?token=", "/api/kernels"])
            (await DockerObjects.ExecuteAsync(bobs, $"curl -s -o /dev/null -w '%{{http_code}}' -H 'X-Carrel-User: ann' 'http://127.0.0.1:8888{path}'")).ShouldBe("403", path);
    }

    [Fact(DisplayName = "A51 The agent inside the machine without its secret")]
    public async Task The_agent_without_its_secret()
    {
        string bobs = await target.ContainerAsync("bob-desk");
        (await DockerObjects.ExecuteAsync(bobs, "curl -s -o /dev/null -w '%{http_code}' --http2-prior-knowledge http://127.0.0.1:8200/health || true")).ShouldBe("401");
    }

    [Fact(DisplayName = "A52 Secrets in what everybody on the host may inspect: environment, labels, command lines")]
    public async Task Secrets_to_inspect()
    {
        string bobs = await target.ContainerAsync("bob-desk");
        string secret = (await DockerObjects.RunAsync("exec", bobs, "cat", "/run/carrel/jupyter-secret")).Output.Trim();
        string machine = (await DockerObjects.RunAsync("exec", bobs, "cat", "/var/lib/carrel/machine-secret")).Output.Trim();
        secret.Length.ShouldBe(64);
        string inspected = (await DockerObjects.RunAsync("inspect", bobs)).Output;
        string processes = (await DockerObjects.RunAsync("exec", bobs, "sh", "-c", "cat /proc/*/cmdline /proc/*/environ | tr '\\0' '\\n'")).Output;
        foreach (string found in (string[])[inspected, processes])
        {
            found.ShouldNotContain(secret);
            found.ShouldNotContain(machine);
        }
    }

    private async Task<string> AddressAsync(string instance)
    {
        JsonNode body = (await target.Administrator.SendAsync(HttpMethod.Get, $"{target.Carrel.Workspace}/computes/{instance}")).Body!;
        return body["properties"]!["properties"]!["connectivityEndpoints"]!["privateIpAddress"]!.GetValue<string>();
    }

    // As root, which the owner is; closed and dropped alike are no way in.
    private static async Task<bool> ReachesAsync(string container, string address, int port) =>
        (await DockerObjects.RunAsync("exec", container, "timeout", "3", "bash", "-c", $"echo > /dev/tcp/{address}/{port}")).Code == 0;
}
