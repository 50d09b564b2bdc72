using Carrel.Agent.Files;
using Carrel.AgentProtocol;

namespace Carrel.Agent.Settings;

/// <summary>The owner's folder and the share's second name (contract 12.2).</summary>
internal static class UserFolders
{
    /// <summary>The owner's folder on the share.</summary>
    public static string OwnerFolder(AgentOptions options, MachineSettings settings) =>
        Path.Combine(options.ShareFolder, "Users", settings.OwnerAlias);

    /// <summary>Makes sure that the owner's folder is there and can be opened by the owner. The host mounts it as a rule.</summary>
    /// <returns>What went wrong, or null.</returns>
    public static string? EnsureOwnerFolder(AgentOptions options, MachineSettings settings)
    {
        var folder = OwnerFolder(options, settings);
        return Try(options, $"The owner's folder {folder} cannot be reached", () =>
        {
            Directory.CreateDirectory(folder);
            _ = Directory.EnumerateFileSystemEntries(folder).Any();
        });
    }

    /// <summary>Makes sure that <c>clusters/NAME/code</c> leads to the share.</summary>
    /// <returns>What went wrong, or null.</returns>
    public static string? EnsureSecondName(AgentOptions options, MachineSettings settings)
    {
        var link = Path.Combine(options.ClustersFolder, settings.InstanceName, "code");
        return Try(options, $"The link {link} cannot be made", () =>
        {
            var present = new FileInfo(link);
            if (present.LinkTarget == options.ShareFolder)
            {
                return;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(link)!);
            if (present.LinkTarget is not null)
            {
                File.Delete(link);
            }

            File.CreateSymbolicLink(link, options.ShareFolder);
        });
    }

    private static string? Try(AgentOptions options, string problem, Action work)
    {
        try
        {
            UserRights.Run(options.UserId, work);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"{problem}: {failure.GetType().Name}.";
        }
    }
}
