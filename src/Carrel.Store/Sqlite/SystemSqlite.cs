using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Carrel.Store.Sqlite;

/// <summary>
/// Binds the provider to the system's SQLite. The library that comes inside the NuGet package is of 2021 and has known advisories; the
/// distribution keeps <c>libsqlite3.so.0</c> patched.
/// </summary>
internal static class SystemSqlite
{
    private static readonly Lazy<bool> Bound = new(Bind);

    /// <summary>Binds once per process.</summary>
    internal static void Use() => _ = Bound.Value;

    private static bool Bind()
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, Resolve);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        return true;
    }

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        name == "e_sqlite3" ? NativeLibrary.Load("libsqlite3.so.0") : IntPtr.Zero;
}
