using System.CommandLine;
using Carrel.Cli.Commands;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Shouldly;
using Xunit;

namespace Carrel.Cli.Tests.Commands;

public sealed class HelpTests : IDisposable
{
    private readonly Cli _cli = new(signedIn: false);

    /// <summary>Every verb there is: a new one without a reviewed help fails here.</summary>
    public static TheoryData<string> Verbs()
    {
        using var cli = new Cli(signedIn: false);
        return new TheoryData<string>(Paths(CliApplication.Root(cli.Host()), string.Empty));
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Help_is_as_reviewed(string command)
    {
        (await _cli.RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"])).ShouldBe(ExitCode.Ok);
        GoldenFile.ShouldMatch(FileOf(command), _cli.Out.ReplaceLineEndings("\n").Replace(RootCommand.ExecutableName, "carrel", StringComparison.Ordinal));
    }

    [Fact]
    public void No_reviewed_help_is_left_of_a_verb_that_is_gone() =>
        Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Golden"), "help-*.txt").Select(Path.GetFileName)
            .ShouldBeSubsetOf(Verbs().Select(row => FileOf(row.Data)));

    [Theory]
    [InlineData("compute frob")]
    [InlineData("compute show")]
    [InlineData("compute show a -n b")]
    [InlineData("compute show a b")]
    [InlineData("compute show -n")]
    [InlineData("compute list --colour")]
    [InlineData("compute list -o xml")]
    [InlineData("compute list --debug=perhaps")]
    [InlineData("compute update ci1")]
    [InlineData("compute update --set a=b")]
    [InlineData("compute update ci1 --set a")]
    [InlineData("compute update ci1 --set state=Stopped")]
    [InlineData("compute update ci1 --add tags")]
    [InlineData("compute events ci1 --start-time yesterday")]
    [InlineData("compute events ci1 --max-events 0")]
    [InlineData("compute enable-sso ci1 --enable-sso perhaps")]
    [InlineData("workspace update")]
    [InlineData("group create")]
    [InlineData("group delete -n g")]
    [InlineData("completion tcsh")]
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

    public void Dispose() => _cli.Dispose();

    private static IEnumerable<string> Paths(Command command, string path) =>
        command.Subcommands.SelectMany(inner => Paths(inner, $"{path} {inner.Name}".Trim())).Prepend(path);

    private static string FileOf(string command) => $"help-{(command.Length == 0 ? "carrel" : command.Replace(' ', '-'))}.txt";
}
