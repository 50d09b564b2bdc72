using System.Diagnostics;
using Carrel.Engine.Operations;

namespace Carrel.Engine.Tests.Operations;

/// <summary>What users leave on a share never keeps its workspace from being deleted.</summary>
public sealed class ShareRemovalTests
{
    [Theory]
    [InlineData("touch \"$(printf 'caf\\351')\"; mkdir \"$(printf 'd\\377')\"; touch \"$(printf 'd\\377')/x\"")]
    [InlineData("i=0; while [ $i -lt 600 ]; do mkdir abcdefgh; cd -P abcdefgh; i=$((i+1)); done")]
    [InlineData("mkdir -p a/b; touch a/b/c; chmod 000 a/b a; mkfifo pipe; ln -s nowhere dangling")]
    public async Task Names_that_are_no_UTF_8_paths_beyond_all_limits_and_closed_folders_go(string filling)
    {
        string parent = Directory.CreateTempSubdirectory("carrel-share-").FullName;
        string share = Directory.CreateDirectory(Path.Combine(parent, "-share")).FullName;
        await FillAsync(share, filling);

        await ShareRemoval.RunAsync(share, TestContext.Current.CancellationToken);

        Directory.EnumerateFileSystemEntries(parent).ShouldBeEmpty();
        Directory.Delete(parent);
    }

    [Fact]
    public async Task A_link_goes_and_what_it_leads_to_stays()
    {
        string parent = Directory.CreateTempSubdirectory("carrel-share-").FullName;
        string share = Directory.CreateDirectory(Path.Combine(parent, "share")).FullName;
        string kept = Path.Combine(Directory.CreateDirectory(Path.Combine(parent, "outside")).FullName, "kept");
        File.WriteAllText(kept, "kept");
        await FillAsync(share, "ln -s ../outside link; ln -s ../outside/kept file");

        await ShareRemoval.RunAsync(share, TestContext.Current.CancellationToken);

        Directory.Exists(share).ShouldBeFalse();
        File.ReadAllText(kept).ShouldBe("kept");
        Directory.Delete(parent, recursive: true);
    }

    [Fact]
    public async Task A_share_that_is_gone_is_fine() =>
        await ShareRemoval.RunAsync(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N")), TestContext.Current.CancellationToken);

    private static async Task FillAsync(string folder, string line)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", line]) { WorkingDirectory = folder })!;
        await shell.WaitForExitAsync();
        shell.ExitCode.ShouldBe(0);
    }
}
