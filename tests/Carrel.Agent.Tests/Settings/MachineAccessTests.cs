using Carrel.Agent.Tests.Machine;
using Carrel.AgentProtocol;

namespace Carrel.Agent.Tests.Settings;

/// <summary>What programs of a machine find to reach the server and to act as the instance (contract 9.3).</summary>
public sealed class MachineAccessTests
{
    private const string Client = "cccccccc-0000-0000-0000-000000000001";
    private const UnixFileMode OwnerAndGroup = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(DisplayName = "9.T8 Without identity the MSI variables are absent, with one they are there, for the machine's user alone")]
    public async Task The_variables_are_there_with_an_identity_only()
    {
        await using var machine = await TestMachine.StartAsync();
        await using var agent = await machine.ConnectAsync();
        await agent.ConfigureAsync(MachineTree.Settings(), Stop);
        foreach (string file in new[] { "run/settings.env", "etc/environment.sso" })
            (await File.ReadAllTextAsync(machine.Tree.In(file), Stop)).ShouldNotContain("MSI_");

        await agent.ConfigureAsync(MachineTree.Settings() with { DefaultIdentityClientId = Client }, Stop);
        string[] variables = [$"MSI_ENDPOINT=http://127.0.0.1:{machine.Tree.IdentityPort}/MSI/auth", "MSI_SECRET=" + machine.Secret.Derive("identity"), "DEFAULT_IDENTITY_CLIENT_ID=" + Client, "APPSETTING_WEBSITE_SITE_NAME=AMLComputeInstance"];
        (await File.ReadAllLinesAsync(machine.Tree.In("etc/environment.sso"), Stop)).ShouldBe(variables);
        string[] shell = await File.ReadAllLinesAsync(machine.Tree.In("run/settings.env"), Stop);
        shell[^4..].ShouldBe(variables.Select(variable => variable.Replace("=", "='", StringComparison.Ordinal) + "'"));
        File.GetUnixFileMode(machine.Tree.In("run/settings.env")).ShouldBe(OwnerAndGroup);
        File.GetUnixFileMode(machine.Tree.In("run/environment.sso")).ShouldBe(OwnerAndGroup);
        new FileInfo(machine.Tree.In("etc/environment.sso")).LinkTarget.ShouldBe(machine.Tree.In("run/environment.sso"), "the file itself is in memory");
        (await File.ReadAllTextAsync(machine.Tree.In("state/settings.json"), Stop)).ShouldNotContain(machine.Secret.Derive("identity"));

        await agent.ConfigureAsync(MachineTree.Settings(), Stop);
        (await File.ReadAllTextAsync(machine.Tree.In("run/settings.env"), Stop)).ShouldNotContain("MSI_");
    }

    [Fact]
    public async Task The_servers_certificate_is_trusted_beside_the_systems_and_its_name_leads_into_the_machine()
    {
        await using var machine = await TestMachine.StartAsync();
        await File.WriteAllTextAsync(machine.Tree.In("etc/system.crt"), "SYSTEM\n", Stop);
        await File.WriteAllTextAsync(machine.Tree.In("etc/hosts"), "127.0.0.1\tlocalhost\n127.0.0.1\told.example\t# carrel\n", Stop);
        await using var agent = await machine.ConnectAsync();
        int port = MachineTree.FreePort();
        var settings = MachineTree.Settings() with { Server = new ServerAccess($"https://carrel.example:{port}", "OURS\n", Guid.Empty.ToString(), Guid.Empty.ToString()) };
        for (int time = 0; time < 2; time++)
            (await agent.ConfigureAsync(settings, Stop)).Problems.ShouldBeEmpty();

        (await File.ReadAllLinesAsync(machine.Tree.In("etc/hosts"), Stop)).ShouldBe(["127.0.0.1\tlocalhost", "127.0.0.1\tcarrel.example\t# carrel"]);
        (await File.ReadAllTextAsync(machine.Tree.In("run/ca-bundle.pem"), Stop)).ShouldBe("SYSTEM\n\nOURS\n");
        (await File.ReadAllTextAsync(machine.Tree.In("run/carrel-ca.pem"), Stop)).ShouldBe("OURS\n");
        string[] shell = await File.ReadAllLinesAsync(machine.Tree.In("run/settings.env"), Stop);
        shell.ShouldContain($"CARREL_URL='https://carrel.example:{port}'");
        shell.ShouldContain($"ARM_CLOUD_METADATA_URL='https://carrel.example:{port}/metadata/endpoints?api-version=2019-05-01'");
        shell.ShouldContain($"REQUESTS_CA_BUNDLE='{machine.Tree.In("run/ca-bundle.pem")}'");
        shell.ShouldContain($"NODE_EXTRA_CA_CERTS='{machine.Tree.In("run/carrel-ca.pem")}'");
    }

    [Fact]
    public async Task Settings_for_a_machine_at_work_end_nothing()
    {
        await using var machine = await TestMachine.StartAsync();
        await using var agent = await machine.ConnectAsync();
        await agent.ConfigureAsync(MachineTree.Settings(), Stop);
        await agent.ConfigureAsync(MachineTree.Settings() with { DefaultIdentityClientId = Client, KeepSessions = true }, Stop);
        machine.Tree.Calls.ShouldNotContain("term jupyter");
        await agent.ConfigureAsync(MachineTree.Settings(), Stop);
        machine.Tree.Calls.ShouldContain("term jupyter");
    }

    [Theory]
    [InlineData("http://localhost:1")]
    [InlineData("https://localhost:1/x")]
    [InlineData("localhost")]
    public async Task An_origin_that_is_none_is_refused(string url)
    {
        await using var machine = await TestMachine.StartAsync();
        await using var agent = await machine.ConnectAsync();
        var refusal = await Should.ThrowAsync<Carrel.Engine.Agents.AgentProtocolException>(() => agent.ConfigureAsync(
            MachineTree.Settings() with { Server = new ServerAccess(url, "", Guid.Empty.ToString(), Guid.Empty.ToString()) }, Stop));
        refusal.Code.ShouldBe("InvalidSettings");
    }
}
