using Carrel.Cli.Errors;
using Shouldly;
using Xunit;

namespace Carrel.Cli.Tests.Commands;

public sealed class HelpTests : IDisposable
{
    private readonly Cli _cli = new(signedIn: false);

    [Theory]
    [InlineData("")]
    [InlineData("login")]
    [InlineData("compute")]
    [InlineData("compute create")]
    [InlineData("compute list")]
    [InlineData("compute start")]
    [InlineData("compute delete")]
    [InlineData("workspace create")]
    [InlineData("user create")]
    [InlineData("schedule next")]
    public async Task Help_is_as_reviewed(string command)
    {
        (await _cli.RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"])).ShouldBe(ExitCode.Ok);
        GoldenFile.ShouldMatch($"help-{(command.Length == 0 ? "carrel" : command.Replace(' ', '-'))}.txt",
            _cli.Out.ReplaceLineEndings("\n").Replace(Environment(), "carrel", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("compute frob")]
    [InlineData("compute show")]
    [InlineData("compute list --colour")]
    [InlineData("compute list -o xml")]
    [InlineData("user create --user-principal-name a --password b")]
    public async Task Wrong_usage_has_exit_code_2_and_sends_nothing(string line)
    {
        (await _cli.RunAsync(line.Split(' '))).ShouldBe(ExitCode.Usage);
        _cli.Error.ShouldNotBeEmpty();
        _cli.Server.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task Version_is_one_line()
    {
        (await _cli.RunAsync("version")).ShouldBe(ExitCode.Ok);
        _cli.Out.ShouldMatch(@"^carrel \d+\.\d+\.\d+\n$");
    }

    // The parser names the root after the running program, which here is the test.
    private static string Environment() => System.CommandLine.RootCommand.ExecutableName;

    public void Dispose() => _cli.Dispose();
}
