using System.Text;
using Carrel.AgentProtocol;

namespace Carrel.Agent.Settings;

/// <summary>The settings as lines that a shell reads: <c>KEY='value'</c>.</summary>
internal static class SettingsEnvironment
{
    /// <summary>The file's content.</summary>
    public static string Render(MachineSettings settings, string ownerFolder, string user, IEnumerable<KeyValuePair<string, string>> access, bool rescue) =>
        new StringBuilder()
            .Append(Line("CARREL_OWNER_FOLDER", ownerFolder))
            .Append(Line("CI_NAME", settings.InstanceName))
            .Append(Line("CI_WORKSPACE", settings.WorkspaceName))
            .Append(Line("CI_RESOURCE_GROUP", settings.ResourceGroup))
            .Append(Line("CI_LOCAL_UBUNTU_USER", user))
            .AppendJoin("", access.Select(variable => Line(variable.Key, variable.Value)))
            .Append(rescue ? Line("CARREL_RESCUE", "1") : "")
            .ToString();

    // Between single quotes a shell takes everything literally but the quote itself, which is closed, escaped and opened again.
    private static string Line(string key, string value) => $"{key}='{value.Replace("'", @"'\''", StringComparison.Ordinal)}'\n";
}
