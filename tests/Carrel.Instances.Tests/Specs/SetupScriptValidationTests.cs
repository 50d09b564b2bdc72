using System.Text;
using Carrel.Instances.Specs;
using Shouldly;
using Xunit;

namespace Carrel.Instances.Tests.Specs;

public sealed class SetupScriptValidationTests
{
    private const string Creation = "properties.properties.setupScripts.scripts.creationScript.";

    [Theory]
    [InlineData("""{"scriptSource":"workspaceStorage","scriptData":"Users/me/create.sh","timeout":"20m"}""", ScriptSource.WorkspaceStorage, "20m")]
    [InlineData("""{"scriptSource":"WORKSPACESTORAGE","scriptData":"/Users/me/create.sh","timeout":"Nonem"}""", ScriptSource.WorkspaceStorage, null)]
    [InlineData("""{"scriptSource":"workspaceStorage","scriptArguments":"touch /tmp/x"}""", ScriptSource.WorkspaceStorage, null)]
    [InlineData("""{"scriptSource":"Inline","scriptData":"bHM=","scriptArguments":""}""", ScriptSource.Inline, null)]
    public void Statements_5_T11_to_T13_good_scripts_are_accepted(string script, ScriptSource source, string? timeout)
    {
        var model = Samples.Model(Body(script)).CreationScript!;
        (model.Source, model.Timeout).ShouldBe((source, timeout));
    }

    [Theory]
    [InlineData("""{"scriptSource":"inline","scriptData":"ls"}""", "scriptData")]
    [InlineData("""{"scriptSource":"inline","scriptData":"bHM"}""", "scriptData")]
    [InlineData("""{"scriptSource":"inline","scriptData":"/////w=="}""", "scriptData")]
    [InlineData("""{"scriptSource":"inline","scriptArguments":"x"}""", "scriptData")]
    [InlineData("""{"scriptSource":"workspaceStorage","scriptData":"../x.sh"}""", "scriptData")]
    [InlineData("""{"scriptSource":"workspaceStorage","scriptData":"Users/a/x.txt"}""", "scriptData")]
    [InlineData("""{"scriptSource":"workspaceStorage","scriptData":"Users\\a\\x.sh"}""", "scriptData")]
    [InlineData("""{"scriptSource":"git","scriptData":"x.sh"}""", "scriptSource")]
    [InlineData("""{"scriptData":"x.sh"}""", "scriptSource")]
    public void Statements_5_T3_T9_T11_bad_scripts_are_refused(string script, string member) =>
        Samples.Problems(Body(script)).ShouldBe([(FindingCodes.InvalidSetupScript, Creation + member)]);

    [Theory]
    [InlineData("90")]
    [InlineData("1.5h")]
    [InlineData("15m")]
    [InlineData(".5m")]
    [InlineData("1d")]
    [InlineData("24h")]
    [InlineData("0.025h")]
    [InlineData("90s")]
    public void Statement_5_T6_timeouts_of_the_gnu_command_are_accepted(string timeout) => Timeout(timeout).ShouldBeEmpty();

    [Theory]
    [InlineData("15 m")]
    [InlineData("1h30m")]
    [InlineData("PT15M")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("")]
    [InlineData("2d")]
    [InlineData(".")]
    [InlineData("15m\\n")]
    public void Statement_5_T6_other_timeouts_are_refused(string timeout) =>
        Timeout(timeout).ShouldBe([(FindingCodes.InvalidSetupScript, Creation + "timeout")]);

    [Fact]
    public void A_script_without_data_and_arguments_is_absent() => Samples.Model(Body("{}")).CreationScript.ShouldBeNull();

    [Fact]
    public void An_inline_script_has_at_most_64_KiB()
    {
        static string Inline(int length) => "{\"scriptSource\":\"inline\",\"scriptData\":\"" + Convert.ToBase64String(Encoding.UTF8.GetBytes(new string('a', length))) + "\"}";
        Samples.Problems(Body(Inline(64 * 1024))).ShouldBeEmpty();
        Samples.Problems(Body(Inline((64 * 1024) + 1))).ShouldHaveSingleItem();
    }

    private static List<(string Code, string Target)> Timeout(string timeout) =>
        Samples.Problems(Body("{\"scriptSource\":\"workspaceStorage\",\"scriptData\":\"x.sh\",\"timeout\":\"" + timeout + "\"}"));

    private static string Body(string script) => "{\"setupScripts\":{\"scripts\":{\"creationScript\":" + script + "}}}";
}
