using Microsoft.Data.Sqlite;

namespace Meshpulse.Agent.History;

/// <summary>The numbers by which the file's rows name their series.</summary>
internal sealed class SeriesBook
{
    private const int Bound = 50_000;
    private const int TouchedEvery = 20;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<SeriesName, int> _numbers = [];
    private readonly List<SeriesName> _new = [];
    private long _touchedAt;

    /// <summary>Reads those that there are.</summary>
    public SeriesBook(SqliteConnection connection)
    {
        _connection = connection;
        Read();
    }

    /// <summary>The number of a series, a new one where it has none; null where there are too many. In a transaction.</summary>
    /// <param name="name">Which series.</param>
    /// <param name="second">When the row that asks was, in seconds since 1970.</param>
    public int? NumberOf(SeriesName name, long second)
    {
        if (_numbers.TryGetValue(name, out var known))
        {
            return known;
        }

        if (_numbers.Count >= Bound)
        {
            return null;
        }

        var id = (int)(Sql.Number(_connection, "SELECT max(id) FROM series") ?? 0) + 1;
        if (id >= HistoryTable.MaxSeries)
        {
            // Numbers of series that are gone come into use again.
            id = (int)(Sql.Number(_connection, "SELECT min(s.id) + 1 FROM series s WHERE NOT EXISTS (SELECT 1 FROM series n WHERE n.id = s.id + 1)") ?? 1);
        }

        Sql.Run(
            _connection,
            "INSERT INTO series (id, kind, source, target, \"check\", first, last) VALUES ($id, $kind, $source, $target, $check, $second, $second)",
            ("$id", id),
            ("$kind", (int)name.Kind),
            ("$source", name.Source),
            ("$target", name.Target),
            ("$check", name.Check),
            ("$second", second));
        _numbers.Add(name, id);
        _new.Add(name);
        return id;
    }

    /// <summary>Notes now and then that series go on. In a transaction.</summary>
    public void Touch(IEnumerable<SeriesName> names, long now)
    {
        if (now - _touchedAt is >= 0 and < TouchedEvery)
        {
            return;
        }

        foreach (var name in names.Distinct())
        {
            if (_numbers.TryGetValue(name, out var id))
            {
                Sql.Run(_connection, "UPDATE series SET last = max(last, $now) WHERE id = $id", ("$now", now), ("$id", id));
            }
        }

        _touchedAt = now;
    }

    /// <summary>The transaction is committed: what is new stays.</summary>
    public void Keep() => _new.Clear();

    /// <summary>The transaction failed: what was new in it is not there.</summary>
    public void Undo()
    {
        _new.ForEach(name => _numbers.Remove(name));
        _new.Clear();
    }

    /// <summary>Forgets series whose last rows are gone.</summary>
    /// <param name="oldest">Of which no row is younger, in seconds since 1970.</param>
    public void Trim(long oldest)
    {
        if (Sql.Number(_connection, "SELECT 1 FROM series WHERE last < $oldest LIMIT 1", ("$oldest", oldest)) is null)
        {
            return;
        }

        Sql.Run(_connection, "DELETE FROM series WHERE last < $oldest", ("$oldest", oldest));
        _numbers.Clear();
        Read();
    }

    private void Read()
    {
        using var command = Sql.CommandOf(_connection, "SELECT id, kind, source, target, \"check\" FROM series");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            _numbers[new SeriesName((SeriesKind)reader.GetInt32(1), reader.GetString(2), reader.GetString(3), reader.GetString(4))] = reader.GetInt32(0);
        }
    }
}
