using System.Text;

namespace Carrel.Agent.Files;

/// <summary>Files that are either wholly the old or wholly the new, and never readable by more people than they should be.</summary>
internal static class AtomicFile
{
    /// <summary>Writes beside the target and renames; the file belongs to <paramref name="group"/> when one is given.</summary>
    public static void Write(string path, string content, UnixFileMode mode, uint? group = null)
    {
        // The name holds a dot, so that sudo, which reads every file of its folder, passes over a half-written one.
        var draft = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.new");
        File.Delete(draft);
        using (var stream = new FileStream(draft, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode }))
        {
            // Before the content, so that nobody of another group ever reads it.
            if (group is { } id)
            {
                FileOwner.GiveToGroup(draft, id);
            }

            stream.Write(Encoding.UTF8.GetBytes(content));
        }

        File.Move(draft, path, overwrite: true);
    }

    /// <summary>The content, or null when there is no such file.</summary>
    public static string? ReadIfThere(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
