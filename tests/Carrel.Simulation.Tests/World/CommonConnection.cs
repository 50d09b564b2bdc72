using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Carrel.Simulation.Tests.World;

/// <summary>
/// A connection that does not say to which file it leads. Dapper keeps what it compiled for a query for ever, by the text of the connection: a thousand
/// worlds with a database each would be a thousand compilations of every query, and all of them kept. A server has one database.
/// </summary>
internal sealed class CommonConnection(DbConnection inner) : DbConnection
{
    [AllowNull]
    public override string ConnectionString { get => "the simulation's"; set => throw new NotSupportedException(); }

    public override string Database => inner.Database;

    public override string DataSource => "the simulation's";

    public override string ServerVersion => inner.ServerVersion;

    public override ConnectionState State => inner.State;

    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

    // The store opens and closes what is inside.
    public override void Open() => throw new NotSupportedException();

    public override void Close() => throw new NotSupportedException();

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => inner.BeginTransaction(isolationLevel);

    protected override DbCommand CreateDbCommand() => inner.CreateCommand();
}
