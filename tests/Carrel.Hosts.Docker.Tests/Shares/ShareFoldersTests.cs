using Carrel.Hosts.Docker.Shares;
using Carrel.Hosts.Docker.Tests.Support;
using Carrel.Instances.Hosting;
using Shouldly;
using Xunit;

namespace Carrel.Hosts.Docker.Tests.Shares;

public sealed class ShareFoldersTests(TestRun run)
{
    [Fact]
    public async Task Folders_and_those_between_belong_to_the_machines_user_and_are_readable()
    {
        var share = run.NewShare();

        ShareFolders.Ensure(share, "Users", "ada").ShouldBe($"{share}/Users/ada");

        foreach (var folder in new[] { share, $"{share}/Users", $"{share}/Users/ada" })
            (await Command.RunAsync("stat", "-c", "%a:%u:%g", folder)).Text.ShouldBe("755:1000:1000");
    }

    [Fact]
    public async Task What_exists_keeps_its_content_and_the_mode_that_its_owner_gave_it()
    {
        var share = run.NewShare();
        var folder = ShareFolders.Ensure(share, "Users", "ada");
        File.WriteAllText(Path.Combine(folder, "file"), "kept");
        _ = (await Command.RunAsync("chmod", "700", folder)).Text;

        ShareFolders.Ensure(share, "Users", "ada");

        File.ReadAllText(Path.Combine(folder, "file")).ShouldBe("kept");
        (await Command.RunAsync("stat", "-c", "%a", folder)).Text.ShouldBe("700");
    }

    [Theory]
    [InlineData("Users")]
    [InlineData("Users/ada")]
    public async Task A_symbolic_link_on_the_way_is_refused_and_what_it_points_to_untouched(string planted)
    {
        var share = run.NewShare();
        var target = Directory.CreateDirectory(Path.Combine(run.NewShare(), "target")).FullName;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(share, planted))!);
        File.CreateSymbolicLink(Path.Combine(share, planted), target);

        Should.Throw<HostRefusedException>(() => ShareFolders.Ensure(share, "Users", "ada")).Code.ShouldBe("ShareNotUsable");

        (await Command.RunAsync("stat", "-c", "%u", target)).Text.ShouldBe("0");
        Directory.GetFileSystemEntries(target).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\0b")]
    public void A_name_that_leads_elsewhere_is_refused(string name) =>
        Should.Throw<HostRefusedException>(() => ShareFolders.Ensure(run.NewShare(), "Users", name)).Code.ShouldBe("ShareNotUsable");

    [Fact]
    public void A_relative_share_is_refused() =>
        Should.Throw<HostRefusedException>(() => ShareFolders.Ensure("share", "Users")).Code.ShouldBe("ShareNotUsable");
}
