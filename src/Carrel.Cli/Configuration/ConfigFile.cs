using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Carrel.Cli.Output;

namespace Carrel.Cli.Configuration;

/// <summary>The file that login writes: server, defaults and cached token, readable by its owner alone. A client secret never goes into it.</summary>
internal sealed class ConfigFile(string path)
{
    /// <summary>Where it is.</summary>
    public string Path => path;

    /// <summary><c>$XDG_CONFIG_HOME/carrel/config.json</c>, else <c>~/.config/carrel/config.json</c>.</summary>
    public static ConfigFile Locate(CliHost host)
    {
        var folder = host.Variable("XDG_CONFIG_HOME") ?? System.IO.Path.Combine(host.Variable("HOME") ?? "/", ".config");
        return new ConfigFile(System.IO.Path.Combine(folder, "carrel", "config.json"));
    }

    /// <summary>Its content, empty when there is none.</summary>
    public JsonObject Read()
    {
        try
        {
            return File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? [] : [];
        }
        catch (Exception problem) when (problem is JsonException or IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"The file {path} cannot be read ({problem.Message}): remove it and run 'carrel login' again.");
        }
    }

    /// <summary>Keeps other commands from doing the same at the same time; until it is disposed.</summary>
    public async Task<IDisposable> LockAsync(CancellationToken cancel)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
                return new FileStream($"{path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (attempt < 300)
            {
                // Real time, whatever the clock: another process is at work.
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancel);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                throw CliException.Usage($"The file {path}.lock cannot be used ({problem.Message}): check the rights of its folder.");
            }
        }
    }

    /// <summary>Replaces it in one step; other users never see it, not even while it is written.</summary>
    public void Write(JsonObject content)
    {
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var folder = System.IO.Path.GetDirectoryName(path)!;
        try
        {
            Directory.CreateDirectory(folder, ownerOnly | UnixFileMode.UserExecute);
            var draft = $"{path}.{Environment.ProcessId}";
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = ownerOnly };
            using (var stream = new FileStream(draft, options))
                stream.Write(Encoding.UTF8.GetBytes(JsonText.Pretty(content) + "\n"));
            File.Move(draft, path, overwrite: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"The file {path} cannot be written ({problem.Message}): check the rights of its folder.");
        }
    }
}
