using Microsoft.Data.Sqlite;

namespace Meshpulse.Agent.History;

/// <summary>The file's rows: one by its key, all of a time, the oldest.</summary>
internal sealed class RowStore(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<HistoryTable, SqliteCommand> _inserts = [];
    private readonly Dictionary<HistoryTable, string> _selects = [];

    /// <summary>Rows that could not be read: damage that SQLite does not see.</summary>
    public long Unreadable { get; private set; }

    /// <summary>Writes a row, or writes it again.</summary>
    /// <returns>What it takes, in bytes.</returns>
    public int Insert(HistoryTable table, long key, HistoryRow row)
    {
        if (!_inserts.TryGetValue(table, out var insert))
        {
            insert = table.PrepareInsert(connection);
            _inserts.Add(table, insert);
        }

        var size = table.Bind(insert, key, row);
        insert.ExecuteNonQuery();
        return size;
    }

    /// <summary>Reads a row; null where there is none, or none that can be read.</summary>
    public HistoryRow? Read(HistoryTable table, long key, out int size)
    {
        using var command = Sql.CommandOf(connection, $"{SelectOf(table)} WHERE key = $key", ("$key", key));
        using var reader = command.ExecuteReader();
        size = 0;
        return reader.Read() ? TryRead(table, reader, out size) : null;
    }

    /// <summary>The sums of all rows of a time, series by series.</summary>
    /// <param name="table">Which kind and resolution.</param>
    /// <param name="from">The first second.</param>
    /// <param name="to">The second after the last.</param>
    public Dictionary<int, HistoryRow> Sums(HistoryTable table, long from, long to)
    {
        var sums = new Dictionary<int, HistoryRow>();
        using var command = Sql.CommandOf(
            connection, $"{SelectOf(table)} WHERE key >= $from AND key < $to ORDER BY key", ("$from", HistoryTable.KeyOf(from, 0)), ("$to", HistoryTable.KeyOf(to, 0)));
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var series = HistoryTable.SeriesOf(reader.GetInt64(0));
            if (TryRead(table, reader, out _) is { } row && !sums.TryAdd(series, row))
            {
                sums[series].Add(row);
            }
        }

        return sums;
    }

    /// <summary>The first key of any kind at a resolution from a second on; null where there is none.</summary>
    public long? OldestOf(int step, long from = 0) =>
        HistoryShape.All.Min(s => Sql.Number(connection, $"SELECT min(key) FROM {HistorySchema.TableOf(s.Kind, step).Name} WHERE key >= $from", ("$from", HistoryTable.KeyOf(from, 0))));

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var command in _inserts.Values)
        {
            command.Dispose();
        }
    }

    private HistoryRow? TryRead(HistoryTable table, SqliteDataReader reader, out int size)
    {
        try
        {
            return table.Read(reader, out size);
        }
        catch (Exception e) when (e is FormatException or InvalidCastException)
        {
            size = 0;
            Unreadable++;
            return null;
        }
    }

    private string SelectOf(HistoryTable table)
    {
        if (!_selects.TryGetValue(table, out var select))
        {
            select = table.SelectSql(connection);
            _selects.Add(table, select);
        }

        return select;
    }
}
