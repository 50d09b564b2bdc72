using Carrel.Agent.Files;
using Carrel.Agent.Tests.Machine;

namespace Carrel.Agent.Tests.Files;

public sealed class UserRightsTests
{
    [Fact]
    public void Work_with_the_users_rights_reaches_nothing_that_is_roots_and_root_has_its_own_rights_back_afterwards()
    {
        Assert.SkipUnless(MachineTree.OwnUser == 0, "Only root can take on another user's rights.");
        using var tree = new MachineTree();
        var target = tree.In("share/Users/planted");

        Should.Throw<UnauthorizedAccessException>(() => UserRights.Run(1000, () => Directory.CreateDirectory(target)));
        Directory.CreateDirectory(target);
        Directory.Exists(target).ShouldBeTrue();
    }
}
