using System.Globalization;
using Carrel.Agent.Activity;
using Carrel.AgentProtocol;

namespace Carrel.Agent.KeepAwake;

/// <summary>
/// The processes that somebody in the machine wants it to stay up for: one file for each in a folder that everybody may write to, named by the
/// process's id. The folder is other people's: nothing in it is read, written or followed but names and times.
/// </summary>
internal sealed class KeptProcesses
{
    private const int Most = 100;

    private readonly string _folder;

    // When a process that was seen under an id started: the same id with another start is another process.
    private readonly Dictionary<int, ulong> _started = [];
    private readonly Lock _gate = new();

    private KeptProcesses(string folder) => _folder = folder;

    /// <summary>Makes the folder; it is emptied at every boot of the machine.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static KeptProcesses Open(AgentOptions options)
    {
        Directory.CreateDirectory(options.KeepAwakeFolder);
        File.SetUnixFileMode(
            options.KeepAwakeFolder,
            UnixFileMode.StickyBit | UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupWrite
                | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute);
        return new KeptProcesses(options.KeepAwakeFolder);
    }

    /// <summary>Those that live, at most a hundred; the files of the others are taken away.</summary>
    public IReadOnlyList<KeptProcess> Living(ProcessTable processes)
    {
        lock (_gate)
        {
            var living = new List<KeptProcess>();
            foreach (var file in new DirectoryInfo(_folder).EnumerateFileSystemInfos())
            {
                if (int.TryParse(file.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && SameProcess(id, processes) is { } process)
                {
                    if (living.Count < Most)
                    {
                        living.Add(new KeptProcess(id, process.Name, new DateTimeOffset(file.LastWriteTimeUtc)));
                    }
                }
                else
                {
                    Remove(file);
                }
            }

            return living;
        }
    }

    private ProcessEntry? SameProcess(int id, ProcessTable processes)
    {
        if (processes.Find(id) is not { } process)
        {
            _started.Remove(id);
            return null;
        }

        if (_started.TryGetValue(id, out var started) && started != process.Started)
        {
            _started.Remove(id);
            return null;
        }

        _started[id] = process.Started;
        return process;
    }

    // A folder that somebody made there stays; it means nothing.
    private static void Remove(FileSystemInfo file)
    {
        try
        {
            if (file is FileInfo || file.LinkTarget is not null)
            {
                File.Delete(file.FullName);
            }
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It is looked at again with the next sample.
        }
    }
}
