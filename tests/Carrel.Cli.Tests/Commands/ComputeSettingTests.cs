using System.Text.Json.Nodes;
using Carrel.Cli.Errors;
using Shouldly;
using Xunit;

namespace Carrel.Cli.Tests.Commands;

/// <summary>list-nodes, enable-sso, reimage and connect-ssh.</summary>
public sealed class ComputeSettingTests : IDisposable
{
    private const string Path = $"{Cli.Workspace}/computes/ci1";
    private readonly Cli _cli = new();

    [Theory]
    [InlineData("json")]
    [InlineData("table")]
    public async Task Nodes_are_posted_for_and_all_pages_shown(string format)
    {
        _cli.Server.On($"POST {Path}/listNodes", 200, $$"""{"nodes":[{"nodeId":"n1","privateIpAddress":"10.0.0.2","publicIpAddress":null,"port":null,"nodeState":"idle","runId":null}],"nextLink":"https://carrel.test:8443{{Path}}/listNodes2"}""")
            .On($"POST {Path}/listNodes2", 200, """{"nodes":[],"nextLink":null}""");
        (await _cli.RunAsync("compute", "list-nodes", "ci1", "-o", format)).ShouldBe(ExitCode.Ok, _cli.Error);
        GoldenFile.ShouldMatch($"compute-list-nodes.{format}", _cli.Out);
        _cli.Server.To("POST").Count().ShouldBe(2);
    }

    [Theory]
    [InlineData(null, "true")]
    [InlineData("on", "true")]
    [InlineData("off", "false")]
    [InlineData("False", "false")]
    public async Task Single_sign_on_is_turned_on_or_off(string? word, string sent)
    {
        _cli.Server.On($"POST {Path}/enableSso", 200).On($"GET {Path}", 200, Cli.Compute("ci1", innerExtra: $",\"enableSSO\":{sent}"));
        (await _cli.RunAsync(["compute", "enable-sso", "-n", "ci1", .. word is null ? (string[])[] : ["--enable-sso", word]])).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Server.To("POST").ShouldHaveSingleItem().Body.ShouldBe($$"""{"enableSSO":{{sent}}}""");
        JsonNode.Parse(_cli.Out)!["enable_sso"]!.ToJsonString().ShouldBe(sent);
    }

    [Theory]
    [InlineData("off", 0, "'carrel login' signs in again")]
    [InlineData("on", 3, "does not accept this sign-in")]
    public async Task Switching_off_the_single_sign_on_that_does_it_is_no_failure(string word, int code, string told)
    {
        _cli.Server.On($"POST {Path}/enableSso", 200).On($"GET {Path}", 401, """{"error":{"code":"AuthenticationFailed","message":"ended"}}""");
        (await _cli.RunAsync("compute", "enable-sso", "ci1", "--enable-sso", word)).ShouldBe(code);
        _cli.Error.ShouldContain(told);
    }

    [Fact]
    public async Task Reimage_asks_first_because_the_private_disk_is_lost()
    {
        (await _cli.RunAsync("compute", "reimage", "ci1")).ShouldBe(ExitCode.Usage);
        _cli.Terminal = true;
        _cli.Input = "no\n";
        (await _cli.RunAsync("compute", "reimage", "ci1")).ShouldBe(ExitCode.Refused);
        _cli.Error.ShouldContain("Its private disk is lost (y/n): ");
        _cli.Server.To("POST").ShouldBeEmpty();

        _cli.Server.On($"POST {Path}/reimage", 202, "", ("Location", "https://carrel.test:8443/result")).On("GET /result", 204).On($"GET {Path}", 200, Cli.Compute("ci1"));
        (await _cli.RunAsync("compute", "reimage", "ci1", "-y")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Server.To("POST").ShouldHaveSingleItem();
    }

    private void Instance(string state, string inner) => _cli.Server.On($"GET {Path}", 200, Cli.Compute("ci1", state, inner));

    [Fact]
    public async Task Ssh_runs_with_the_address_and_port_that_the_instance_reports()
    {
        Instance("Running", ""","sshSettings":{"sshPublicAccess":"Enabled","adminUserName":"azureuser","sshPort":50000},"connectivityEndpoints":{"publicIpAddress":"192.0.2.7","privateIpAddress":"10.0.0.2"}""");
        string? line = null;
        _cli.Programs = (program, arguments) =>
        {
            line = $"{program} {string.Join(' ', arguments)}";
            return 7;
        };
        (await _cli.RunAsync("compute", "connect-ssh", "ci1", "--private-key-file-path", "k.pem")).ShouldBe(7);
        line.ShouldBe("ssh -i k.pem -o HostKeyAlias=ci1.eastus.instances -p 50000 azureuser@carrel.test");
    }

    [Theory]
    [InlineData("Running", ""","sshSettings":{"sshPublicAccess":"Disabled","adminUserName":"azureuser"}""", "has no SSH, and that is fixed at creation")]
    [InlineData("Running", "", "has no SSH, and that is fixed at creation")]
    [InlineData("Stopped", ""","sshSettings":{"sshPublicAccess":"Enabled"}""", "run 'carrel compute start ci1' first")]
    [InlineData("Running", ""","sshSettings":{"sshPublicAccess":"Enabled","sshPort":null},"connectivityEndpoints":{"privateIpAddress":"10.0.0.2"}""", "reports no address and port")]
    [InlineData("Running", ""","sshSettings":{"sshPublicAccess":"Enabled","sshPort":22}""", "reports no address and port")]
    public async Task Without_SSH_the_reason_is_told_and_nothing_runs(string state, string inner, string part)
    {
        Instance(state, inner);
        _cli.Programs = (_, _) => throw new InvalidOperationException("nothing must run");
        (await _cli.RunAsync("compute", "connect-ssh", "ci1")).ShouldBe(ExitCode.Refused);
        _cli.Error.ShouldContain(part);
    }

    [Fact]
    public async Task Without_the_program_ssh_its_line_is_printed()
    {
        Instance("Running", ""","sshSettings":{"sshPublicAccess":"Enabled","adminUserName":"azureuser","sshPort":22},"connectivityEndpoints":{"privateIpAddress":"10.0.0.2"}""");
        (await _cli.RunAsync("compute", "connect-ssh", "ci1")).ShouldBe(ExitCode.Usage);
        _cli.Error.ShouldContain("-p 22 azureuser@10.0.0.2");
    }

    public void Dispose() => _cli.Dispose();
}
