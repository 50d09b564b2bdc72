using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Carrel.Attack.Machines;

/// <summary>The ports that lead to machines by SSH.</summary>
public sealed class SecureShellTests(Target target) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("carrel-attack-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(DisplayName = "A74 SSH by password, as root, with another's key, and from a neighbour machine")]
    public async Task Another_way_than_the_owners_key()
    {
        string mine = await MakeKeyAsync("ann"), others = await MakeKeyAsync("bob");
        await SetKeyAsync(mine);
        string port = await PortAsync();
        (await UntilInAsync(port)).ShouldBeTrue("the owner's key opens");

        (await SshAsync(port, "azureuser", "-i", others)).ShouldContain("Permission denied (publickey)");
        (await SshAsync(port, "root", "-i", mine)).ShouldContain("Permission denied (publickey)");
        (await SshAsync(port, "azureuser", "-o", "PubkeyAuthentication=no", "-o", "PreferredAuthentications=password,keyboard-interactive,hostbased"))
            .ShouldContain("Permission denied (publickey)", customMessage: "no other proof is even asked for");
        (await SshAsync(port, "azureuser", "-o", "PubkeyAuthentication=no", "-o", "PreferredAuthentications=none")).ShouldContain("Permission denied (publickey)");

        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => SshAsync(port, "azureuser", "-i", others)));
        (await SshAsync(port, "azureuser", "-i", mine)).ShouldBeEmpty("a stranger's failures do not shut the owner out");

        string bobs = await target.ContainerAsync("bob-desk");
        string gateway = await DockerObjects.ExecuteAsync(bobs, "ip route | sed -n 's/^default via \\([0-9.]*\\).*/\\1/p'");
        (await DockerObjects.RunAsync("exec", bobs, "timeout", "3", "bash", "-c", $"echo > /dev/tcp/{gateway}/{port}")).Code.ShouldNotBe(0);
    }

    [Fact(DisplayName = "A75 A key with options, a second line or a private half")]
    public async Task A_key_that_is_more_than_a_key()
    {
        string key = (await File.ReadAllTextAsync(await MakeKeyAsync("plain") + ".pub")).Trim();
        string anns = await target.ContainerAsync("ann-desk");
        string before = await DockerObjects.ExecuteAsync(anns, "cat /var/lib/carrel/ssh/authorized_keys || true");
        foreach (string text in (string[])
            [
                "command=\"/bin/sh\" " + key, "environment=\"LD_PRELOAD=/tmp/x.so\" " + key, key + "\n" + key, key + "\r" + key, "\n" + key + "\n# more\n" + key, "@cert-authority " + key,
                "no-pty " + key, key + "\u0000", key.Replace("ssh-ed25519", "ssh-ed25519-cert-v01@openssh.com", StringComparison.Ordinal), await File.ReadAllTextAsync(Path.Combine(_folder, "plain")), "/etc/shadow", "",
            ])
        {
            ArmAnswer answer = await target.AskAsync(
                await target.Ann.TokenAsync(), HttpMethod.Post, target.AnnsDesk + "/updateSshKey", new JsonObject { ["adminPublicKey"] = text }.ToJsonString());
            ((int)answer.Status).ShouldBe(400, text);
            answer.Body!["error"]!["code"]!.GetValue<string>().ShouldBe("InvalidSshSettings", text);
        }

        (await DockerObjects.ExecuteAsync(anns, "cat /var/lib/carrel/ssh/authorized_keys || true")).ShouldBe(before);
    }

    private async Task SetKeyAsync(string file)
    {
        ArmAnswer answer = await target.AskAsync(
            await target.Ann.TokenAsync(), HttpMethod.Post, target.AnnsDesk + "/updateSshKey", new JsonObject { ["adminPublicKey"] = await File.ReadAllTextAsync(file + ".pub") }.ToJsonString());
        ((int)answer.Status).ShouldBe(200, answer.Body?.ToJsonString());
    }

    private async Task<string> PortAsync()
    {
        JsonNode body = (await target.Administrator.SendAsync(HttpMethod.Get, target.AnnsDesk)).Body!;
        return body["properties"]!["properties"]!["sshSettings"]!["sshPort"]!.GetValue<int>().ToString(CultureInfo.InvariantCulture);
    }

    // A changed key reaches the machine within a second or two.
    private async Task<bool> UntilInAsync(string port)
    {
        for (int i = 0; i < 100; i++)
        {
            if ((await SshAsync(port, "azureuser", "-i", Path.Combine(_folder, "ann"))).Length == 0)
                return true;
            await Task.Delay(100);
        }

        return false;
    }

    private async Task<string> MakeKeyAsync(string name)
    {
        string file = Path.Combine(_folder, name);
        await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", file);
        return file;
    }

    // What ssh complains of; nothing when it got in.
    private Task<string> SshAsync(string port, string user, params string[] options) => RunAsync(
        "ssh",
        [
            "-F", "none", "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", $"UserKnownHostsFile={Path.Combine(_folder, "known-hosts")}", "-o", "LogLevel=ERROR",
            .. options, "-p", port, user + "@127.0.0.1", "true",
        ]);

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardInput = true })!;
        process.StandardInput.Close();
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return error;
    }
}
