using System.Text.Json.Nodes;
using Carrel.Cli.Yaml;

namespace Carrel.Cli.Computes;

/// <summary>Setup scripts: YAML to REST (contract 2; a script without a time limit gets none, rather than the SDK's <c>Nonem</c>).</summary>
internal static class ScriptMapping
{
    /// <summary>The setupScripts object; null when the file has none.</summary>
    public static JsonObject? Read(YamlSection file)
    {
        if (file.Section("setup_scripts", ["creation_script", "startup_script"]) is not { } section)
            return null;
        var scripts = new JsonObject();
        Add(scripts, "creationScript", section, "creation_script");
        Add(scripts, "startupScript", section, "startup_script");
        return scripts.Count == 0 ? null : new JsonObject { ["scripts"] = scripts };
    }

    private static void Add(JsonObject scripts, string target, YamlSection section, string key)
    {
        if (section.Section(key, ["path", "command", "timeout_minutes"]) is not { } source)
            return;
        var script = new JsonObject { ["scriptSource"] = "workspaceStorage" };
        if (source.Text("path") is { } path)
            script["scriptData"] = path;
        if (source.Text("command") is { } command)
            script["scriptArguments"] = command;
        if (source.Number("timeout_minutes") is { } minutes)
            script["timeout"] = $"{minutes}m";
        scripts[target] = script;
    }
}
