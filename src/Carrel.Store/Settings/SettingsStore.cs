using Dapper;

namespace Carrel.Store.Settings;

/// <summary>Single values of the installation that are decided once, at first start.</summary>
public sealed class SettingsStore(IDatabase database)
{
    /// <summary>The stored value, or the given one, which is stored for good.</summary>
    public Task<string> GetOrAddAsync(string name, string value, CancellationToken cancellation) => database.WriteAsync(
        (connection, transaction) =>
        {
            connection.Execute("INSERT INTO settings (name, value) VALUES (@name, @value) ON CONFLICT (name) DO NOTHING", new { name, value }, transaction);
            return connection.QuerySingle<string>("SELECT value FROM settings WHERE name = @name", new { name }, transaction);
        },
        cancellation);
}
