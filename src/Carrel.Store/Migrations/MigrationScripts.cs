using System.Globalization;
using System.Reflection;

namespace Carrel.Store.Migrations;

/// <summary>One numbered step of the schema.</summary>
/// <param name="Number">Its number; steps run in this order.</param>
/// <param name="Name">The file's name.</param>
/// <param name="Sql">What it runs.</param>
internal sealed record Migration(int Number, string Name, string Sql);

/// <summary>The numbered scripts that are embedded in this assembly: <c>NNNN_name.sql</c>. A script that was released is never changed again.</summary>
internal static class MigrationScripts
{
    internal static IReadOnlyList<Migration> All { get; } = Load();

    private static Migration[] Load()
    {
        Assembly assembly = typeof(MigrationScripts).Assembly;
        string prefix = typeof(MigrationScripts).Namespace + ".";
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal))
            .Select(name => Read(assembly, name, name[prefix.Length..]))
            .OrderBy(migration => migration.Number)];
    }

    private static Migration Read(Assembly assembly, string resource, string file)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return new Migration(int.Parse(file.AsSpan(0, 4), CultureInfo.InvariantCulture), file, reader.ReadToEnd());
    }
}
