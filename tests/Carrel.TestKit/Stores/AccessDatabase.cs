using Carrel.Access.Directory;
using Carrel.Access.SignIn;
using Carrel.Store;
using Carrel.Store.Access;
using Carrel.Store.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Carrel.TestKit.Stores;

/// <summary>The real stores of Access over a database file of their own, which goes with them.</summary>
public sealed class AccessDatabase : IAsyncDisposable
{
    private readonly string _folder;
    private readonly SqliteDatabase _database;
    private readonly ServiceProvider _stores;

    /// <summary>Opens an empty one.</summary>
    public AccessDatabase()
    {
        _folder = System.IO.Directory.CreateTempSubdirectory("carrel-access-database-").FullName;
        _database = SqliteDatabase.Open(Path.Combine(_folder, "carrel.db"), TimeProvider.System);
        var services = new ServiceCollection();
        AddTo(services.AddSingleton(TimeProvider.System));
        _stores = services.BuildServiceProvider();
    }

    /// <summary>People and programs.</summary>
    public IDirectoryStore Directory => _stores.GetRequiredService<IDirectoryStore>();

    /// <summary>Browser sessions.</summary>
    public ISessionStore Sessions => _stores.GetRequiredService<ISessionStore>();

    /// <summary>Registers the stores in a server under test.</summary>
    public void AddTo(IServiceCollection services) => services.AddSingleton<IDatabase>(new Borrowed(_database)).AddAccessStore();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stores.DisposeAsync();
        await _database.DisposeAsync();
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    // A container disposes what it holds; the database outlives the servers over it.
    private sealed class Borrowed(SqliteDatabase database) : IDatabase
    {
        public Task<T> ReadAsync<T>(Func<System.Data.Common.DbConnection, T> read, CancellationToken cancellation = default) =>
            database.ReadAsync(read, cancellation);

        public Task<T> WriteAsync<T>(
            Func<System.Data.Common.DbConnection, System.Data.Common.DbTransaction, T> write, CancellationToken cancellation = default) =>
            database.WriteAsync(write, cancellation);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
