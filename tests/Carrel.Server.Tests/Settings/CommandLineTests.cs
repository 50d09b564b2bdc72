using System.Net.Sockets;
using Shouldly;
using Xunit;

namespace Carrel.Server.Tests.Settings;

/// <summary>The server's own command line, without a machine.</summary>
public sealed class CommandLineTests
{
    [Fact]
    public async Task Settings_can_be_checked_without_touching_anything()
    {
        string folder = Path.Combine(Path.GetTempPath(), "carrel-checked-" + Guid.NewGuid().ToString("N"));

        (int exit, string said) = await RunAsync("check", ("CARREL_DATA", folder));

        exit.ShouldBe(0, said);
        said.ShouldBeEmpty();
        Directory.Exists(folder).ShouldBeFalse();
    }

    [Theory]
    [InlineData("CARREL_LISTEN", "foo")]
    [InlineData("CARREL_URL", "http://localhost:8443")]
    [InlineData("CARREL_ADDRESS_POOL", "x")]
    [InlineData("CARREL_INSTANCES_DOMAIN", "a b")]
    public async Task A_setting_that_cannot_be_used_is_named_in_one_sentence(string variable, string value)
    {
        (int exit, string said) = await RunAsync("check", (variable, value));

        exit.ShouldBe(1);
        said.ShouldStartWith("carrel: ");
        said.ShouldContain(variable);
        said.TrimEnd().ShouldNotContain('\n');
    }

    [Fact]
    public async Task An_unknown_command_is_wrong_usage() => (await RunAsync("chekc")).Exit.ShouldBe(2);

    [Fact]
    public void An_address_that_the_machine_has_not_is_a_sentence_and_no_stack_trace()
    {
        CarrelServer.Refusal(new SocketException((int)SocketError.AddressNotAvailable)).ShouldNotBeNull().ShouldContain("CARREL_LISTEN");
        CarrelServer.Refusal(new SocketException((int)SocketError.AccessDenied)).ShouldNotBeNull().ShouldContain("root");
        CarrelServer.Refusal(new InvalidOperationException("a defect")).ShouldBeNull();
    }

    private static async Task<(int Exit, string Said)> RunAsync(string argument, params (string Name, string Value)[] variables)
    {
        using var errors = new StringWriter();
        int exit = await CarrelServer.RunAsync([argument], name => variables.FirstOrDefault(variable => variable.Name == name).Value, errors);
        return (exit, errors.ToString());
    }
}
