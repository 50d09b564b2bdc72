using System.Runtime.InteropServices;

namespace Carrel.Agent.Files;

/// <summary>
/// Does file work with the rights of the machine's user. The user may have put symbolic links anywhere below home and <c>/mnt</c>; root
/// following one could be led to make folders in places that are not the user's.
/// </summary>
internal static partial class UserRights
{
    /// <summary>Runs <paramref name="work"/>, which must not leave its thread.</summary>
    public static void Run(uint userId, Action work)
    {
        // The file-system ids belong to the thread, so other requests are not affected.
        var formerGroup = SetGroup(userId);
        var formerUser = SetUser(userId);
        try
        {
            work();
        }
        finally
        {
            _ = SetUser(formerUser);
            _ = SetGroup(formerGroup);
        }
    }

    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial uint SetUser(uint userId);

    [LibraryImport("libc", EntryPoint = "setfsgid")]
    private static partial uint SetGroup(uint groupId);
}
