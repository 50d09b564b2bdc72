namespace Carrel.Store.Sqlite;

/// <summary>
/// Space that is kept beside the database for the day the disk is full: it is given up so that stops and deletions, which free space, can
/// still be recorded (contract 1.4, disk rule), and taken again when there is room.
/// </summary>
/// <param name="path">The file that holds the space.</param>
/// <param name="bytes">How much; a stop or a deletion needs some ten thousand bytes.</param>
/// <param name="time">Clock of the pauses between two tries to take it again.</param>
internal sealed class DiskReserve(string path, long bytes, TimeProvider time)
{
    /// <summary>32 MiB: some thousand operations.</summary>
    internal const long DefaultBytes = 32L * 1024 * 1024;

    // Room for the reserve and for as much work beside it, or it would only be given up again.
    private const int Room = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private long _tried;
    private bool _held;

    /// <summary>Takes the space if there is room for it; asked often, looks at most once a minute.</summary>
    internal void Keep()
    {
        if (_held || (_tried != 0 && time.GetElapsedTime(_tried) < Pause))
            return;
        _tried = time.GetTimestamp();
        try
        {
            if (File.Exists(path) && new FileInfo(path).Length == bytes)
            {
                _held = true;
                return;
            }

            if (new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace < Room * bytes)
                return;
            // Preallocated, not sparse: a hole would hold nothing.
            var options = new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                PreallocationSize = bytes,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            using var file = new FileStream(path, options);
            file.SetLength(bytes);
            _held = true;
        }
        catch (IOException)
        {
            // No room after all: looked at again later.
        }
    }

    /// <summary>Gives the space up.</summary>
    /// <returns>False when there was none to give.</returns>
    internal bool Release()
    {
        if (!_held)
            return false;
        _held = false;
        _tried = time.GetTimestamp();
        File.Delete(path);
        return true;
    }
}
