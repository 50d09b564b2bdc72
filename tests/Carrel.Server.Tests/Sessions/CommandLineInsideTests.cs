using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Carrel.TestKit.Servers;
using Shouldly;
using Xunit;

namespace Carrel.Server.Tests.Sessions;

/// <summary>The real command line inside a real machine, acting for the owner by single sign-on (contract 9.2).</summary>
public sealed partial class CommandLineInsideTests(AnnsDesk desk) : IClassFixture<AnnsDesk>
{
    private const int NotSignedIn = 3;

    [Fact]
    public async Task In_a_JupyterLab_terminal_the_owner_works_without_a_sign_in()
    {
        using Browser browser = await desk.SignInAsync();

        string said = await TypeInTerminalAsync(browser, "carrel account show -o table; carrel compute list -o tsv; carrel compute why ann-desk; carrel keep-awake ann-desk 2h -o tsv; carrel keep-awake --pid $$");

        said.ShouldContain(AnnsDesk.Ann);
        said.ShouldMatch(@"ann-desk\s+computeinstance", customMessage: "the list");
        said.ShouldContain("ann-desk is Running", customMessage: "why");
        said.ShouldMatch(@"ann-desk\s+20\d\d-", customMessage: "until when it is kept awake");
        said.ShouldMatch(@"This instance stays up while process \d+ lives");
    }

    [Fact]
    public async Task What_it_does_is_the_owners_doing_and_no_more_than_the_owner_may()
    {
        using Browser browser = await desk.SignInAsync();

        JsonNode account = JsonNode.Parse((await desk.TypeAsync("carrel account show")).Output)!;
        (account["user"]!["name"]!.ToString(), account["user"]!["object_id"]!.ToString(), account["source"]!.ToString(), account["server"]!.ToString())
            .ShouldBe((AnnsDesk.Ann, desk.AnnsId, "single_sign_on", desk.Carrel.Url));
        (int code, string output) = await desk.TypeAsync("carrel compute create other --type ComputeInstance --size STANDARD_DS1_V2");
        code.ShouldBe(1, output);
        output.ShouldContain("AuthorizationFailed");
        output.ShouldContain($"'{AnnsDesk.Ann}'");
    }

    [Fact]
    public async Task Under_sudo_it_is_the_same_owner()
    {
        using Browser browser = await desk.SignInAsync();

        (int code, string output) = await desk.TypeAsync("sudo carrel compute list -o tsv");
        code.ShouldBe(0, output);
    }

    [Fact]
    public async Task No_token_lies_on_a_disk_in_an_environment_or_in_the_process_list()
    {
        using Browser browser = await desk.SignInAsync();
        string token = JsonNode.Parse((await desk.TypeAsync("curl -s --unix-socket $CARREL_OWNER_SOCKET http://owner/token?resource=$CARREL_URL")).Output)!["access_token"]!.GetValue<string>();
        // Every token of this server begins so; the bracket keeps the searches from finding themselves.
        string begins = $"[{token[0]}]{token.Split('.')[0][1..]}";
        string disks = $"grep -rlsE --exclude-dir=proc --exclude-dir=sys --exclude-dir=dev '{begins}' / /dev/shm; true";
        string processes = $"cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n' | grep -cE '{begins}'; true";
        await desk.TypeAsync($"echo {token} > /tmp/control");
        (await desk.TypeAsync(disks, "root")).Output.Trim().ShouldBe("/tmp/control", "the search finds what is there");
        await desk.TypeAsync("rm /tmp/control");

        (int code, string running) = await desk.TypeAsync("for n in $(seq 20); do carrel compute list > /dev/null || exit; done & sleep 0.1; sudo sh -c " + Quoted(processes) + "; wait $!");
        (code, running.Trim()).ShouldBe((0, "0"), "while commands run");
        (await desk.TypeAsync(disks, "root")).Output.ShouldBe("", "and after them");
    }

    [Fact]
    public async Task Another_user_of_the_machine_gets_nothing_not_even_one_of_its_group()
    {
        using Browser browser = await desk.SignInAsync();
        (await desk.TypeAsync("carrel compute list")).Code.ShouldBe(0);
        string address = $"export CARREL_OWNER_SOCKET=/run/carrel/owner.sock CARREL_CA=/run/carrel/carrel-ca.pem CARREL_URL={desk.Carrel.Url} CARREL_SUBSCRIPTION=s CARREL_GROUP=g CARREL_WORKSPACE=w HOME=/tmp;";

        (int code, string output) = await desk.TypeAsync(address + "carrel compute list", "65534");
        (code, output.Trim()).ShouldBe((NotSignedIn, "Error: This machine's agent does not answer: run 'carrel login', or restart the compute instance."));
        (code, output) = await desk.TypeAsync(address + "carrel compute list", "4242:1000");
        (code, output.Trim()).ShouldBe((NotSignedIn, "Error: Only the machine's own user gets the owner's token."));
    }

    [Fact]
    public async Task Signing_out_ends_it_and_signing_in_brings_it_back()
    {
        using Browser browser = await desk.SignInAsync();
        (await desk.TypeAsync("carrel compute list")).Code.ShouldBe(0);
        string token = await desk.TypeAsync("az account get-access-token --output tsv") is (0, var given) ? given.Trim() : "";

        await desk.SignOutAsync(browser);
        (await RefusalAsync()).ShouldBe("Error: The owner is not signed in: open this compute instance in a browser, or sign in here with 'carrel login'.");
        await ShouldBeWorthNothingAsync(token);

        using Browser again = await desk.SignInAsync();
        (await desk.TypeAsync("carrel compute list")).Code.ShouldBe(0);
    }

    [Fact]
    public async Task Disabling_the_owner_ends_it()
    {
        using Browser browser = await desk.SignInAsync();
        string token = await desk.TypeAsync("az account get-access-token --output tsv") is (0, var given) ? given.Trim() : "";
        try
        {
            await desk.EnableAsync(false);
            (await RefusalAsync()).ShouldBe("Error: The owner of this compute instance is no person who could be signed in.");
            await ShouldBeWorthNothingAsync(token);
        }
        finally
        {
            await desk.EnableAsync(true);
        }

        (await RefusalAsync()).ShouldStartWith("Error: The owner is not signed in", customMessage: "being let in again is no sign-in");
    }

    [Fact]
    public async Task Without_single_sign_on_a_device_code_signs_in()
    {
        using Browser browser = await desk.SignInAsync();
        (int code, string output) = await desk.TypeAsync("carrel compute enable-sso ann-desk --enable-sso off");
        code.ShouldBe(0, output);
        (await RefusalAsync()).ShouldBe("Error: Single sign-on is switched off for this compute instance: its owner can switch it on, or sign in here with 'carrel login'.");

        using Process login = Process.Start(new ProcessStartInfo("docker", ["exec", "-u", "azureuser", desk.Machine, "bash", "-lc", "carrel login"]) { RedirectStandardError = true })!;
        string shown = (await login.StandardError.ReadLineAsync())!;
        Match where = DeviceSentence().Match(shown);
        HttpResponseMessage page = await browser.SubmitAsync(await browser.OpenAsync(where.Groups[1].Value), ("user_code", where.Groups[2].Value));
        await browser.SubmitAsync(page, ("answer", "yes"));
        (await login.StandardError.ReadToEndAsync()).ShouldContain($"as {AnnsDesk.Ann}");
        JsonNode.Parse((await desk.TypeAsync("carrel account show")).Output)!["source"]!.ToString().ShouldBe("login");

        (await desk.TypeAsync("carrel compute enable-sso ann-desk --enable-sso on && carrel logout")).Code.ShouldBe(0);
        JsonNode.Parse((await desk.TypeAsync("carrel account show")).Output)!["source"]!.ToString().ShouldBe("single_sign_on");
    }

    [Fact]
    public async Task What_needs_no_server_needs_no_sign_in()
    {
        (await desk.TypeAsync("carrel keep-awake --pid 1")).ShouldBe((0, "This instance stays up while process 1 lives, for 7 days at most.\n"));
        (await desk.TypeAsync("carrel keep-awake --pid 999999")).ShouldBe((1, "carrel: there is no process 999999 here.\n"));
        (await desk.TypeAsync("PATH=/tmp:$PATH carrel keep-awake --pid x")).Code.ShouldBe(2);
        (await desk.TypeAsync("carrel version")).Code.ShouldBe(0);
    }

    private async Task<string> RefusalAsync()
    {
        (int code, string output) = await desk.TypeAsync("carrel compute list");
        code.ShouldBe(NotSignedIn, output);
        return output.Trim();
    }

    private async Task ShouldBeWorthNothingAsync(string token)
    {
        token.Length.ShouldBeGreaterThan(100);
        using HttpClient client = desk.Carrel.CreateClient(token);
        ((int)(await client.GetAsync(desk.Carrel.Workspace + "/computes?api-version=2025-12-01")).StatusCode).ShouldBe(401);
    }

    // As JupyterLab does it: a terminal is made, and its characters go through a WebSocket.
    private async Task<string> TypeInTerminalAsync(Browser browser, string line)
    {
        string origin = desk.Origin.GetLeftPart(UriPartial.Authority);
        HttpResponseMessage made = await browser.SendAsync(HttpMethod.Post, new Uri(desk.Origin, "/api/terminals"), JsonContent.Create(new { }), origin);
        string name = JsonNode.Parse(await made.Content.ReadAsStringAsync())!["name"]!.GetValue<string>();
        using ClientWebSocket socket = await browser.OpenSocketAsync(new UriBuilder(new Uri(desk.Origin, "/terminals/websocket/" + name)) { Scheme = "wss" }.Uri, origin);
        await socket.SendAsync(Encoding.UTF8.GetBytes(new JsonArray("stdin", line + "; echo the-en'd'\r").ToJsonString()), WebSocketMessageType.Text, true, CancellationToken.None);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var said = new StringBuilder();
        var buffer = new byte[64 * 1024];
        while (!said.ToString().Contains("the-end", StringComparison.Ordinal))
        {
            WebSocketReceiveResult part = await socket.ReceiveAsync(buffer, patience.Token);
            part.EndOfMessage.ShouldBeTrue();
            JsonArray message = JsonNode.Parse(Encoding.UTF8.GetString(buffer, 0, part.Count))!.AsArray();
            if (message[0]!.GetValue<string>() == "stdout")
                said.Append(message[1]!.GetValue<string>());
        }

        return said.ToString();
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    [GeneratedRegex("open (https://[^ ]+) in a browser on any computer and enter the code ([A-Z-]+)")]
    private static partial Regex DeviceSentence();
}
