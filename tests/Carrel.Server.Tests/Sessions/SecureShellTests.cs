using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Carrel.TestKit.Servers;
using Shouldly;
using Xunit;

namespace Carrel.Server.Tests.Sessions;

/// <summary>OpenSSH's own client against real machines, through the ports of the server (contract 13.1, 13.2).</summary>
public sealed class SecureShellTests : IAsyncLifetime
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(5);

    private readonly string _folder = Directory.CreateTempSubdirectory("carrel-ssh-").FullName;
    private RunningCarrel _carrel = null!;
    private ArmClient _arm = null!;

    public async ValueTask InitializeAsync()
    {
        _carrel = await RunningCarrel.StartAsync();
        _arm = await ArmClient.SignInAsync(_carrel);
    }

    public async ValueTask DisposeAsync()
    {
        _arm.Dispose();
        await _carrel.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact(DisplayName = "13.T1 13.T2 The key opens the instance's port and nothing else does; without SSH there is no port, and a stopped instance refuses connections")]
    public async Task The_key_opens_the_instances_port_and_nothing_else_does()
    {
        string closed = Path("closed-one");
        JsonObject without = await CreateAsync(_arm, closed, null);
        without["sshSettings"]!["sshPublicAccess"]!.GetValue<string>().ShouldBe("Disabled");
        without["sshSettings"]!["sshPort"].ShouldBeNull();
        (await IsRefusedAsync(without["connectivityEndpoints"]!["privateIpAddress"]!.GetValue<string>(), 22)).ShouldBeTrue("no secure shell server runs in it");

        string key = await MakeKeyAsync("rsa-key", "rsa", "2048");
        JsonObject open = await CreateAsync(_arm, Path("open-one"), key);
        int port = open["sshSettings"]!["sshPort"]!.GetValue<int>();
        port.ShouldBeInRange(1024, 65535);
        open["connectivityEndpoints"]!["publicIpAddress"]!.GetValue<string>().ShouldBe("127.0.0.1");

        (await SshAsync(port, "rsa-key", "azureuser", "true")).ShouldBe(new ProgramResult(0, "", ""));
        (await SshAsync(port, "rsa-key", "azureuser", "printenv", "CARREL_URL")).Output.Trim().ShouldBe(_carrel.Url, "a command knows where Carrel is");
        await MakeKeyAsync("other-key", "ed25519");
        (await SshAsync(port, "other-key", "azureuser", "true")).Error.ShouldContain("Permission denied (publickey)", customMessage: "no password is asked for");
        (await SshAsync(port, "rsa-key", "root", "true")).Error.ShouldContain("Permission denied (publickey)");

        await File.WriteAllTextAsync(System.IO.Path.Combine(_folder, "note.txt"), "carried");
        (await RunAsync("scp", [.. Options("rsa-key"), "-P", Text(port), System.IO.Path.Combine(_folder, "note.txt"), "azureuser@127.0.0.1:note.txt"])).ShouldBe(new ProgramResult(0, "", ""));
        (await SshAsync(port, "rsa-key", "azureuser", "cat", "note.txt")).Output.ShouldBe("carried");
        // What setup scripts for Azure write counts too (contract 13.1).
        string other = await File.ReadAllTextAsync(System.IO.Path.Combine(_folder, "other-key.pub"));
        (await SshAsync(port, "rsa-key", "azureuser", $"mkdir -p -m 700 ~/.ssh && echo '{other.Trim()}' > ~/.ssh/authorized_keys2")).ExitCode.ShouldBe(0);
        (await SshAsync(port, "other-key", "azureuser", "true")).ExitCode.ShouldBe(0);

        await _arm.WaitAsync(await _arm.SendAsync(HttpMethod.Post, Path("open-one") + "/stop"));
        await UntilAsync(() => IsRefusedAsync("127.0.0.1", port));
        await _arm.WaitAsync(await _arm.SendAsync(HttpMethod.Post, Path("open-one") + "/start"));
        await UntilAsync(async () => (await SshAsync(port, "rsa-key", "azureuser", "true")).ExitCode == 0);
    }

    [Fact(DisplayName = "13.T3 Without a key nobody gets in; the owner sets one and exchanges it, the administrator who is not the owner is refused; disabling the owner ends the session")]
    public async Task The_owner_sets_the_key_and_disabling_the_owner_ends_the_session()
    {
        await MakeKeyAsync("first", "ed25519");
        await MakeKeyAsync("second", "ed25519");
        (string id, ArmClient owner) = await AddProgramAsync();
        using ArmClient own = owner;
        string path = Path("later-key");
        int port = (await CreateAsync(own, path, ""))["sshSettings"]!["sshPort"]!.GetValue<int>();

        await UntilAsync(async () => (await SshAsync(port, "first", "azureuser", "true")).Error.Contains("Permission denied", StringComparison.Ordinal));
        (await SetKeyAsync(_arm, path, "first")).ShouldBe(HttpStatusCode.Forbidden);
        (await SetKeyAsync(own, path, "first")).ShouldBe(HttpStatusCode.OK);
        await UntilAsync(async () => (await SshAsync(port, "first", "azureuser", "true")).ExitCode == 0);
        (await SetKeyAsync(own, path, "second")).ShouldBe(HttpStatusCode.OK);
        await UntilAsync(async () => (await SshAsync(port, "first", "azureuser", "true")).ExitCode != 0);
        (await SshAsync(port, "second", "azureuser", "true")).ShouldBe(new ProgramResult(0, "", ""));

        using Process session = Start("ssh", [.. Options("second"), "-p", Text(port), "azureuser@127.0.0.1", "echo inside; sleep 600"]);
        (await session.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(10))).ShouldBe("inside");
        await EnableAsync(id, false);
        await session.WaitForExitAsync().WaitAsync(AtOnce);
        session.ExitCode.ShouldBe(255, "the connection was closed");
        (await SshAsync(port, "second", "azureuser", "true")).ExitCode.ShouldBe(255, "and no other one is let in");
        await EnableAsync(id, true);
        (await SshAsync(port, "second", "azureuser", "true")).ExitCode.ShouldBe(0);
    }

    private string Path(string name) => $"{_carrel.Workspace}/computes/{name}";

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    // A key of null asks for no SSH, an empty one for SSH without a key.
    private static async Task<JsonObject> CreateAsync(ArmClient arm, string path, string? key)
    {
        var body = JsonNode.Parse(ArmClient.InstanceBody())!;
        if (key is not null)
        {
            body["properties"]!["properties"]!["sshSettings"] = new JsonObject { ["sshPublicAccess"] = "Enabled" };
            if (key.Length > 0)
                body["properties"]!["properties"]!["sshSettings"]!["adminPublicKey"] = key;
        }

        await arm.WaitAsync(await arm.SendAsync(HttpMethod.Put, path, body.ToJsonString()));
        return (await arm.SendAsync(HttpMethod.Get, path)).Body!["properties"]!["properties"]!.AsObject();
    }

    private async Task<HttpStatusCode> SetKeyAsync(ArmClient arm, string path, string name)
    {
        string key = await File.ReadAllTextAsync(System.IO.Path.Combine(_folder, name + ".pub"));
        return (await arm.SendAsync(HttpMethod.Post, path + "/updateSshKey", new JsonObject { ["adminPublicKey"] = key }.ToJsonString())).Status;
    }

    private async Task<(string Id, ArmClient Client)> AddProgramAsync()
    {
        JsonNode program = await DirectoryAsync(HttpMethod.Post, "/v1.0/servicePrincipals", new JsonObject { ["displayName"] = "ssh owner" });
        string id = program["id"]!.GetValue<string>();
        JsonNode secret = await DirectoryAsync(HttpMethod.Post, $"/v1.0/servicePrincipals/{id}/addPassword", new JsonObject());
        const string contributor = "b24988ac-6180-42a0-ab88-20f7382dd24c";
        string subscription = $"/subscriptions/{_carrel.Client["CARREL_SUBSCRIPTION"]}";
        ArmAnswer given = await _arm.SendAsync(
            HttpMethod.Put,
            $"{subscription}/providers/Microsoft.Authorization/roleAssignments/{Guid.NewGuid()}?api-version=2022-04-01",
            new JsonObject
            {
                ["properties"] = new JsonObject
                {
                    ["roleDefinitionId"] = $"{subscription}/providers/Microsoft.Authorization/roleDefinitions/{contributor}", ["principalId"] = id, ["principalType"] = "ServicePrincipal",
                },
            }.ToJsonString());
        ((int)given.Status).ShouldBe(201, given.Body?.ToJsonString());
        return (id, await ArmClient.SignInAsync(_carrel, program["appId"]!.GetValue<string>(), secret["secretText"]!.GetValue<string>()));
    }

    private Task<JsonNode> EnableAsync(string id, bool enabled) =>
        DirectoryAsync(HttpMethod.Patch, $"/v1.0/servicePrincipals/{id}", new JsonObject { ["accountEnabled"] = enabled });

    private async Task<JsonNode> DirectoryAsync(HttpMethod method, string path, JsonObject body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        using HttpResponseMessage answer = await _arm.Http.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue($"{method} {path}: {text}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }

    private async Task<string> MakeKeyAsync(string name, string type, string? bits = null)
    {
        string file = System.IO.Path.Combine(_folder, name);
        (await RunAsync("ssh-keygen", ["-q", "-t", type, .. bits is null ? Array.Empty<string>() : ["-b", bits], "-N", "", "-C", name, "-f", file])).ExitCode.ShouldBe(0);
        return (await File.ReadAllTextAsync(file + ".pub")).Trim();
    }

    // Nothing of the caller's own configuration, and no question on the way.
    private string[] Options(string key) =>
    [
        "-F", "none", "-i", System.IO.Path.Combine(_folder, key), "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=accept-new",
        "-o", $"UserKnownHostsFile={System.IO.Path.Combine(_folder, "known-hosts")}", "-o", "ConnectTimeout=10", "-o", "LogLevel=ERROR",
    ];

    private Task<ProgramResult> SshAsync(int port, string key, string user, params string[] command) =>
        RunAsync("ssh", [.. Options(key), "-p", Text(port), $"{user}@127.0.0.1", .. command]);

    private static Process Start(string program, IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;

    private static async Task<ProgramResult> RunAsync(string program, IEnumerable<string> arguments)
    {
        using Process process = Start(program, arguments);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return new ProgramResult(process.ExitCode, await output, await error);
    }

    private static async Task<bool> IsRefusedAsync(string address, int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Parse(address), port).WaitAsync(TimeSpan.FromSeconds(5));
            return false;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }

    // Settings reach a running machine within a second or two.
    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await isSo())
            await Task.Delay(100, patience.Token);
    }

    private sealed record ProgramResult(int ExitCode, string Output, string Error);
}
