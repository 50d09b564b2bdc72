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
        foreach (int port in (int[])[8888, 8200, 8201, 22, 46808])
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
        foreach (string said in (string[])["PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n", "GET /health HTTP/1.1\\r\\nHost: agent\\r\\n\\r\\n"])
            // It may hang up in the middle of what is said, which must not end the shell before it has counted.
            (await DockerObjects.RunAsync("exec", bobs, "bash", "-c", $"trap '' PIPE; exec 3<>/dev/tcp/127.0.0.1/8201; printf '{said}' >&3; timeout 10 cat <&3 | wc -c")).Output.Trim().ShouldBe("0", said);
        // It speaks nowhere else.
        (await ReachesAsync(bobs, "127.0.0.1", 8200)).ShouldBeFalse();
    }

    [Fact(DisplayName = "A73 A listener without the machine's secret at a machine's address, as after the address was given to another machine")]
    public async Task A_listener_at_a_machines_address()
    {
        string bobs = await target.ContainerAsync("bob-desk");
        string bearer = Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData(
            Convert.FromHexString((await DockerObjects.RunAsync("exec", bobs, "cat", "/var/lib/carrel/machine-secret")).Output.Trim()), "agent"u8));
        await DockerObjects.ExecuteAsync(bobs, "sudo sv down /etc/carrel/sv/agent");
        try
        {
            // Says what a machine says that is another one, and keeps what it hears.
            await DockerObjects.ExecuteAsync(bobs, """
                cat > /tmp/listen.py <<'END'
                import socket, threading
                def serve(port):
                    s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("0.0.0.0", port)); s.listen()
                    while True:
                        c, _ = s.accept()
                        threading.Thread(target=take, args=(c, port), daemon=True).start()
                def take(c, port):
                    c.settimeout(8); heard = b""
                    try:
                        heard = c.recv(4096); c.sendall(b"0" * 32 + b" " + b"0" * 64 + b"\n")
                        while True:
                            more = c.recv(4096)
                            if not more: break
                            heard += more
                    except OSError: pass
                    with open("/tmp/heard", "ab") as f: f.write(b"%d <" % port + heard + b">\n")
                threading.Thread(target=serve, args=(8200,)).start(); serve(8201)
                END
                rm -f /tmp/heard; (setsid python3 /tmp/listen.py > /tmp/listen.log 2>&1 & echo $! > /tmp/listen.pid); sleep 1
                """);
            // A changed setting is sent at once.
            ArmAnswer changed = await target.Administrator.SendAsync(HttpMethod.Patch, target.BobsDesk, """{"identity":{"type":"SystemAssigned"}}""");
            changed.Status.ShouldBe(HttpStatusCode.OK, changed.Body?.ToJsonString());
            string heard = await DockerObjects.ExecuteAsync(bobs, "for i in $(seq 60); do [ $(grep -c '^8201' /tmp/heard 2>/dev/null || echo 0) -ge 2 ] && break; sleep 0.5; done; cat /tmp/heard; cat /tmp/listen.log");
            heard.ShouldContain("8201 <carrel-line/1 ");
            heard.ShouldNotContain(bearer);
            heard.ShouldNotContain("8200 ", customMessage: "nobody comes down to the way of former agents");
            foreach (string connection in heard.Split('>', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                connection.ShouldMatch("^8201 <(carrel-line/1 [0-9a-f]{32})?$", "a random value, and neither proof nor request");
        }
        finally
        {
            await DockerObjects.ExecuteAsync(bobs, "kill $(cat /tmp/listen.pid); sudo sv up /etc/carrel/sv/agent; for i in $(seq 100); do bash -c 'exec 3<>/dev/tcp/127.0.0.1/8201' 2>/dev/null && break; sleep 0.2; done");
            (await target.Administrator.SendAsync(HttpMethod.Patch, target.BobsDesk, """{"identity":{"type":"None"}}""")).Status.ShouldBe(HttpStatusCode.OK);
        }
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
