using System.Data;
using Microsoft.Data.Sqlite;

namespace Carrel.Store.Sqlite;

/// <summary>
/// A connection that keeps each statement prepared once it has run: SQLite takes longer to read and plan most of our statements than to run them, and whoever
/// queries makes a new command each time. Not for threads, like every connection.
/// </summary>
internal sealed class PreparingConnection(string connectionString) : SqliteConnection(connectionString)
{
    // More than this program has texts; a list in a statement makes one text for each length.
    private const int Most = 512;

    private readonly Dictionary<string, SqliteCommand> _kept = [];

    /// <summary>How many statements are kept.</summary>
    internal int Kept => _kept.Count;

    /// <inheritdoc/>
    public override SqliteCommand CreateCommand() => new Statement(this) { Connection = this, CommandTimeout = DefaultTimeout, Transaction = Transaction };

    // Taken out while it runs, so that the same text within it gets another one.
    private SqliteCommand Take(string text) => _kept.Remove(text, out SqliteCommand? kept) ? kept : new SqliteCommand(text, this);

    private void Keep(SqliteCommand command)
    {
        command.Parameters.Clear();
        if (_kept.Count >= Most || !_kept.TryAdd(command.CommandText, command))
            command.Dispose();
    }

    /// <summary>A command that runs on the kept one of the same text. All ways to run a command lead through its reader.</summary>
    private sealed class Statement(PreparingConnection owner) : SqliteCommand
    {
        private SqliteCommand? _running;
        private SqliteDataReader? _reader;

        public override SqliteDataReader ExecuteReader(CommandBehavior behavior)
        {
            GiveBack();
            SqliteCommand command = owner.Take(CommandText);
            command.Transaction = Transaction;
            command.CommandTimeout = CommandTimeout;
            foreach (SqliteParameter parameter in Parameters)
            {
                // By its full name it is found at once; by a bare one only after a search for each prefix there is.
                if (parameter.ParameterName is [not ('@' or '$'), ..])
                    parameter.ParameterName = '@' + parameter.ParameterName;
                command.Parameters.Add(parameter);
            }

            try
            {
                _reader = command.ExecuteReader(behavior);
            }
            catch
            {
                command.Dispose();
                throw;
            }

            _running = command;
            return _reader;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                GiveBack();
            base.Dispose(disposing);
        }

        // Its reader is closed first: one that stands open would hold up the log.
        private void GiveBack()
        {
            _reader?.Dispose();
            _reader = null;
            if (_running is { } command)
                owner.Keep(command);
            _running = null;
        }
    }
}
