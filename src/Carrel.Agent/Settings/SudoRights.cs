using Carrel.Agent.Files;

namespace Carrel.Agent.Settings;

/// <summary>Password-less sudo of the machine's user (contract 14).</summary>
internal static class SudoRights
{
    /// <summary>Gives it or takes it away; the image's own rule is kept aside under a name with a dot, which sudo passes over.</summary>
    public static void Set(AgentOptions options, bool allowed)
    {
        var rule = Path.Combine(options.SudoersFolder, "carrel");
        var aside = Path.Combine(options.SudoersFolder, "carrel.off");
        if (!allowed)
        {
            if (File.Exists(rule))
            {
                File.Move(rule, aside, overwrite: true);
            }
        }
        else if (!File.Exists(rule))
        {
            if (File.Exists(aside))
            {
                File.Move(aside, rule);
            }
            else
            {
                AtomicFile.Write(rule, $"{options.User} ALL=(ALL:ALL) NOPASSWD: ALL\n", UnixFileMode.UserRead | UnixFileMode.GroupRead);
            }
        }
    }
}
