using System.Globalization;
using System.Text.Json;
using Meshpulse.Agent.Fleet.Json;
using Microsoft.Data.Sqlite;

namespace Meshpulse.Agent.History;

/// <summary>
/// Writes a store's file. One owner, one thread.
/// <para>
/// <b>The problem</b>: whatever happens between two instructions, the file has to be sound, nothing in it may count twice, and at most a second may
/// be missing. <b>What we do</b>: what came is first added to rows in memory (<see cref="Take"/>), which can't fail, and those that changed are then written
/// whole, in one transaction (<see cref="Commit"/>). A commit that fails, as on a full disk, leaves the memory as it was, and the next one writes the same
/// rows and what came since. Twice a second; a second's row is written half full and then again.
/// </para>
/// <para>
/// <b>Coarser windows</b> are made from the finer rows that the file has, in the transaction that notes how far that is done: whoever was killed in
/// between begins again where the note stands, and no memory of half a window gets lost. What comes later than its coarser window was made, since the
/// clock stepped back, is added to that as well.
/// </para>
/// <para>
/// <b>Durability</b>: a write-ahead log that is synced at each commit (synchronous=FULL). NORMAL would do for a killed process, but a host that loses
/// power would lose the minute before, which is the one that matters. Two syncs a second, on a thread that may wait.
/// </para>
/// </summary>
internal sealed class HistoryWriter : IDisposable
{
    /// <summary>Rows of so many seconds are kept for later when they can't be written; the oldest of more are lost.</summary>
    public const int MostSecondsWaiting = 30;

    private const int MostNotesWaiting = 10_000;
    private const int SeriesBound = 50_000;
    private const int TrimRows = 4_000;
    private const long MostEvents = 200_000;
    private const long MostVerdicts = 20_000;
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const int KeptSeconds = 2;
    private const int TouchedEvery = 20;
    private const double FullFrom = 0.92;

    private readonly SqliteConnection _connection;
    private readonly long _size;
    private readonly Dictionary<SeriesName, int> _series = [];
    private readonly Dictionary<HistoryTable, SqliteCommand> _inserts = [];
    private readonly Dictionary<HistoryTable, string> _selects = [];
    private readonly Dictionary<(SeriesName Name, int Step, long Second), PendingRow> _pending = [];
    private readonly List<HistoryEvent> _events = [];
    private readonly List<HistoryVerdict> _verdicts = [];
    private LevelState[] _levels;
    private long _newest;
    private long _now;
    private long _touchedAt;
    private bool _isFull;

    /// <summary>Opens a file, or makes it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="size">The most bytes that it takes.</param>
    /// <param name="node">Whose history it is, for whoever finds the file.</param>
    /// <exception cref="HistoryFileException">It can't be used as it is.</exception>
    /// <exception cref="SqliteException">It can't be opened, or is damaged.</exception>
    public HistoryWriter(string file, long size, string node)
    {
        _size = size;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false }.ToString());
        try
        {
            _connection.Open();
            // Before anything is changed in it: it may be somebody else's.
            HistorySchema.Check(_connection);
            Configure();
            HistorySchema.Upgrade(_connection);
            Sql.Run(_connection, "INSERT OR REPLACE INTO meta (name, value) VALUES ('node', $node)", ("$node", node));
            _levels = ReadLevels();
            _newest = Newest();
            ReadSeries();
            Bound();
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>Rows written since this was opened.</summary>
    public long RowsWritten { get; private set; }

    /// <summary>Rows that could not be kept: too many waiting, or too many series.</summary>
    public long RowsLost { get; private set; }

    /// <summary>Rows of the file that could not be read: damage that SQLite does not see.</summary>
    public long RowsUnreadable { get; private set; }

    /// <summary>What of the file is in use, in bytes, as of the last time that was looked.</summary>
    public long Bytes { get; private set; }

    /// <summary>When each resolution's oldest window begins, in seconds since 1970; 0 for none. As of the last <see cref="Trim"/>.</summary>
    public IReadOnlyDictionary<int, long> Oldest { get; private set; } = new Dictionary<int, long>();

    /// <summary>The file has as many bytes as it may: it is not the disk that is full.</summary>
    public bool IsAtBound => Sql.Number(_connection, "PRAGMA page_count") * Sql.Number(_connection, "PRAGMA page_size") + Waiting >= Room - (1 << 20);

    /// <summary>Looks through the whole file for contradictions. Takes a second for some hundred megabytes.</summary>
    public bool IsSound()
    {
        using var command = Sql.CommandOf(_connection, "PRAGMA quick_check(1)");
        return command.ExecuteScalar() is "ok";
    }

    /// <summary>Adds a batch to what is to be written.</summary>
    public void Take(HistoryBatch batch)
    {
        _now = batch.At.Nanoseconds / NanosecondsPerSecond;
        foreach (var (second, name, row) in batch.Rows)
        {
            Add(HistorySchema.TableOf(name.Kind, HistoryLevel.Usual[0].Step), name, second, row, isOwned: true);
            for (var level = 1; level < HistoryLevel.Usual.Count; level++)
            {
                if (second < _levels[level].Rolled)
                {
                    var step = HistoryLevel.Usual[level].Step;
                    Add(HistorySchema.TableOf(name.Kind, step), name, second - (second % step), row, isOwned: false);
                }
            }
        }

        _events.AddRange(batch.Events);
        _verdicts.AddRange(batch.Verdicts);
        Forget();
    }

    /// <summary>Writes what changed, and the coarser windows that are due, in one transaction.</summary>
    /// <exception cref="SqliteException">It could not; everything is as before, and the same can be tried again.</exception>
    public void Commit()
    {
        var levels = (LevelState[])_levels.Clone();
        var newSeries = new List<SeriesName>();
        var written = new List<(PendingRow Row, int Size)>();
        Sql.Run(_connection, "BEGIN IMMEDIATE");
        try
        {
            foreach (var row in _pending.Values.Where(p => p.IsDirty))
            {
                Write(row, levels, newSeries, written);
            }

            WriteNotes();
            TouchSeries();
            for (var level = 1; level < levels.Length; level++)
            {
                RollUp(level, levels);
            }

            WriteLevels(levels);
            Sql.Run(_connection, "COMMIT");
        }
        catch (Exception e)
        {
            Sql.TryRollBack(_connection);
            newSeries.ForEach(name => _series.Remove(name));
            _isFull = e is SqliteException full && HistoryErrors.IsFull(full);
            throw;
        }

        _isFull = false;
        _levels = levels;
        foreach (var (row, size) in written)
        {
            (row.IsDirty, row.StoredSize, row.MayExist) = (false, size, false);
            _newest = Math.Max(_newest, row.Second);
        }

        RowsWritten += written.Count;
        _events.Clear();
        _verdicts.Clear();
        Forget();
    }

    /// <summary>Cuts off what is too old, or has no room; a bounded piece at a time, each in its own transaction.</summary>
    /// <returns>True where there is more to do.</returns>
    /// <exception cref="SqliteException">It could not; that can be tried again.</exception>
    public bool Trim()
    {
        var more = false;
        for (var level = 0; level < HistoryLevel.Usual.Count; level++)
        {
            more |= TrimLevel(level, _now - HistoryLevel.Usual[level].Keep);
        }

        Measure();
        // What waits comes in one piece, and needs its room at once.
        var limit = (FullFrom * Room) - (_isFull && IsAtBound ? Math.Min(Room / 2, Waiting) : 0);
        if (Bytes > limit)
        {
            more |= TrimLevel(MostOverShare(), long.MaxValue >> 21);
            Measure();
        }

        // A tenth of the room each, at most.
        TrimNotes("events", Math.Min(MostEvents, Room / 1_000));
        TrimNotes("verdicts", Math.Min(MostVerdicts, Room / 20_000));
        TrimSeries();
        Shrink();
        Oldest = HistoryLevel.Usual.ToDictionary(l => l.Step, l => OldestOf(l.Step) is { } key ? HistoryTable.SecondOf(key) : 0);
        return more && (Bytes > limit || HasOld());
    }

    /// <summary>The file was replaced by an empty one: what is in memory is to be written again.</summary>
    /// <param name="to">The new file's writer.</param>
    public void HandOver(HistoryWriter to)
    {
        to._now = _now;
        foreach (var ((name, step, second), row) in _pending.Where(p => p.Key.Step == HistoryLevel.Usual[0].Step))
        {
            to._pending[(name, step, second)] = new PendingRow(row.Table, name, second, row.Row);
        }

        to._events.AddRange(_events);
        to._verdicts.AddRange(_verdicts);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var command in _inserts.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    /// <summary>What is to be written may take so many bytes: a guess, and rather too many.</summary>
    private long Waiting => 2_000L * _pending.Count;

    /// <summary>What the file itself may take: the log beside it takes its part.</summary>
    private long Room => _size - Math.Min(16L << 20, _size / 4);

    private void Configure()
    {
        // The first must come before the file has anything in it; it lets a file become smaller again.
        Sql.Run(_connection, "PRAGMA auto_vacuum = INCREMENTAL");
        Sql.Run(_connection, "PRAGMA busy_timeout = 2000");
        Sql.Run(_connection, "PRAGMA journal_mode = WAL");
        Sql.Run(_connection, "PRAGMA synchronous = FULL");
        Sql.Run(_connection, "PRAGMA journal_size_limit = 8388608");
        Sql.Run(_connection, "PRAGMA cache_size = -4096");
        Sql.Run(_connection, "PRAGMA temp_store = MEMORY");
        Sql.Run(_connection, "PRAGMA cell_size_check = ON");
        Sql.Run(_connection, "PRAGMA trusted_schema = OFF");
    }

    /// <summary>SQLite itself refuses what would pass the size: whatever goes wrong in the trimming.</summary>
    private void Bound()
    {
        var page = Sql.Number(_connection, "PRAGMA page_size") ?? 4_096;
        Sql.Run(_connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {Math.Max(64, Room / page)}"));
    }

    private LevelState[] ReadLevels() =>
        [.. HistoryLevel.Usual.Select(level =>
        {
            using var command = Sql.CommandOf(_connection, "SELECT rolled, rows, bytes FROM levels WHERE step = $step", ("$step", level.Step));
            using var reader = command.ExecuteReader();
            return reader.Read() ? new LevelState(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)) : default;
        })];

    private void WriteLevels(LevelState[] levels)
    {
        for (var i = 0; i < levels.Length; i++)
        {
            if (levels[i] != _levels[i])
            {
                Sql.Run(
                    _connection,
                    "UPDATE levels SET rolled = $rolled, rows = $rows, bytes = $bytes WHERE step = $step",
                    ("$rolled", levels[i].Rolled),
                    ("$rows", levels[i].Rows),
                    ("$bytes", levels[i].Bytes),
                    ("$step", HistoryLevel.Usual[i].Step));
            }
        }
    }

    private long Newest() => HistorySchema.Tables.Max(t => Sql.Number(_connection, $"SELECT max(key) FROM {t.Name}") is { } key ? HistoryTable.SecondOf(key) : 0);

    private void ReadSeries()
    {
        using var command = Sql.CommandOf(_connection, "SELECT id, kind, source, target, \"check\" FROM series");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            _series[new SeriesName((SeriesKind)reader.GetInt32(1), reader.GetString(2), reader.GetString(3), reader.GetString(4))] = reader.GetInt32(0);
        }
    }

    private void Add(HistoryTable table, SeriesName name, long second, HistoryRow row, bool isOwned)
    {
        var key = (name, table.Step, second);
        if (_pending.TryGetValue(key, out var pending))
        {
            pending.Row.Add(row);
            pending.IsDirty = true;
            return;
        }

        if (!isOwned)
        {
            var own = new HistoryRow(row.Shape);
            own.Add(row);
            row = own;
        }

        _pending.Add(key, new PendingRow(table, name, second, row) { MayExist = second <= _newest });
    }

    /// <summary>Written rows are kept while they may grow; those that wait for room only so long.</summary>
    private void Forget()
    {
        foreach (var (key, row) in _pending)
        {
            var age = Math.Abs(_now - row.Second);
            if (!row.IsDirty)
            {
                if (age > KeptSeconds)
                {
                    _pending.Remove(key);
                }
            }
            else if (age > MostSecondsWaiting + row.Table.Step)
            {
                _pending.Remove(key);
                RowsLost++;
            }
        }

        Cut(_events);
        Cut(_verdicts);
    }

    private void Cut<T>(List<T> notes)
    {
        var surplus = notes.Count - MostNotesWaiting;
        if (surplus > 0)
        {
            notes.RemoveRange(0, surplus);
            RowsLost += surplus;
        }
    }

    private void Write(PendingRow pending, LevelState[] levels, List<SeriesName> newSeries, List<(PendingRow Row, int Size)> written)
    {
        if (SeriesOf(pending, newSeries) is not { } series)
        {
            pending.IsDirty = false;
            RowsLost++;
            return;
        }

        var key = HistoryTable.KeyOf(pending.Second, series);
        if (pending.MayExist && ReadRow(pending.Table, key, out var size) is { } before)
        {
            before.Add(pending.Row);
            // Even where this transaction fails: the row in memory is the whole now, and the next one writes it.
            (pending.Row, pending.StoredSize) = (before, size);
        }

        pending.MayExist = false;
        var now = Insert(pending.Table, key, pending.Row);
        Account(levels, pending.Table.Step, pending.StoredSize == 0 ? 1 : 0, now - pending.StoredSize);
        written.Add((pending, now));
    }

    private int Insert(HistoryTable table, long key, HistoryRow row)
    {
        if (!_inserts.TryGetValue(table, out var insert))
        {
            insert = table.PrepareInsert(_connection);
            _inserts.Add(table, insert);
        }

        var size = table.Bind(insert, key, row);
        insert.ExecuteNonQuery();
        return size;
    }

    private static void Account(LevelState[] levels, int step, long rows, long bytes)
    {
        for (var i = 0; i < levels.Length; i++)
        {
            if (HistoryLevel.Usual[i].Step == step)
            {
                levels[i] = levels[i] with { Rows = Math.Max(0, levels[i].Rows + rows), Bytes = Math.Max(0, levels[i].Bytes + bytes) };
            }
        }
    }

    private int? SeriesOf(PendingRow pending, List<SeriesName> newSeries)
    {
        if (_series.TryGetValue(pending.Name, out var known))
        {
            return known;
        }

        if (_series.Count >= SeriesBound)
        {
            return null;
        }

        var name = pending.Name;
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
            ("$second", pending.Second));
        _series.Add(name, id);
        newSeries.Add(name);
        return id;
    }

    private HistoryRow? ReadRow(HistoryTable table, long key, out int size)
    {
        using var command = Sql.CommandOf(_connection, $"{SelectOf(table)} WHERE key = $key", ("$key", key));
        using var reader = command.ExecuteReader();
        size = 0;
        return reader.Read() ? TryRead(table, reader, out size) : null;
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
            RowsUnreadable++;
            return null;
        }
    }

    private string SelectOf(HistoryTable table)
    {
        if (!_selects.TryGetValue(table, out var select))
        {
            select = table.SelectSql(_connection);
            _selects.Add(table, select);
        }

        return select;
    }

    private void WriteNotes()
    {
        foreach (var happened in _events)
        {
            Sql.Run(
                _connection,
                "INSERT INTO events (at, kind, node, text) VALUES ($at, $kind, $node, $text)",
                ("$at", happened.At.Nanoseconds),
                ("$kind", happened.Kind),
                ("$node", happened.Node),
                ("$text", happened.Text));
        }

        foreach (var verdict in _verdicts)
        {
            Sql.Run(
                _connection,
                "INSERT INTO verdicts (at, change, body) VALUES ($at, $change, $body)",
                ("$at", verdict.At.Nanoseconds),
                ("$change", verdict.Change),
                ("$body", JsonSerializer.Serialize(verdict.Verdict, FleetJson.Info<VerdictEntry>(FleetJson.Verdicts))));
        }
    }

    /// <summary>Notes now and then that series go on.</summary>
    private void TouchSeries()
    {
        if (_now - _touchedAt is >= 0 and < TouchedEvery)
        {
            return;
        }

        foreach (var name in _pending.Values.Select(p => p.Name).Distinct())
        {
            if (_series.TryGetValue(name, out var id))
            {
                Sql.Run(_connection, "UPDATE series SET last = max(last, $now) WHERE id = $id", ("$now", _now), ("$id", id));
            }
        }

        _touchedAt = _now;
    }

    /// <summary>Makes the windows of a resolution that are complete in the one below.</summary>
    private void RollUp(int level, LevelState[] levels)
    {
        var (step, below) = (HistoryLevel.Usual[level].Step, HistoryLevel.Usual[level - 1].Step);
        // The finest rows may still grow for a moment; those of the middle are complete up to its own note.
        var complete = level == 1 ? _now - KeptSeconds : Math.Min(levels[level - 1].Rolled, _now);
        var begin = levels[level].Rolled;
        // Bounded: a crash leaves a few windows behind, a transaction must not take minutes.
        for (var left = 60; left > 0; left--)
        {
            if (OldestOf(below, begin) is not { } oldest)
            {
                return;
            }

            begin = HistoryTable.SecondOf(oldest) / step * step;
            if (begin + step > complete)
            {
                return;
            }

            foreach (var shape in HistoryShape.All)
            {
                RollUp(shape, below, step, begin, levels);
            }

            begin += step;
            levels[level] = levels[level] with { Rolled = begin };
        }
    }

    private void RollUp(HistoryShape shape, int below, int step, long begin, LevelState[] levels)
    {
        var (from, to) = (HistorySchema.TableOf(shape.Kind, below), HistorySchema.TableOf(shape.Kind, step));
        var sums = new Dictionary<int, HistoryRow>();
        using (var command = Sql.CommandOf(
            _connection,
            $"{SelectOf(from)} WHERE key >= $from AND key < $to ORDER BY key",
            ("$from", HistoryTable.KeyOf(begin, 0)),
            ("$to", HistoryTable.KeyOf(begin + step, 0))))
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                var series = HistoryTable.SeriesOf(reader.GetInt64(0));
                if (TryRead(from, reader, out _) is not { } row)
                {
                    continue;
                }

                if (!sums.TryAdd(series, row))
                {
                    sums[series].Add(row);
                }
            }
        }

        foreach (var (series, sum) in sums)
        {
            Account(levels, step, 1, Insert(to, HistoryTable.KeyOf(begin, series), sum));
        }

        RowsWritten += sums.Count;
    }

    /// <summary>The first key of any kind at a resolution from a second on.</summary>
    private long? OldestOf(int step, long from = 0) =>
        HistoryShape.All.Min(s => Sql.Number(_connection, $"SELECT min(key) FROM {HistorySchema.TableOf(s.Kind, step).Name} WHERE key >= $from", ("$from", HistoryTable.KeyOf(from, 0))));

    private bool HasOld() => HistoryLevel.Usual.Any(l => OldestOf(l.Step) is { } key && HistoryTable.SecondOf(key) < _now - l.Keep);

    private int MostOverShare()
    {
        var most = 0;
        for (var i = 1; i < _levels.Length; i++)
        {
            if (_levels[i].Bytes / HistoryLevel.Usual[i].Share > _levels[most].Bytes / HistoryLevel.Usual[most].Share)
            {
                most = i;
            }
        }

        return most;
    }

    /// <summary>Cuts a piece off the beginning of a resolution, as far as a moment, in seconds since 1970.</summary>
    private bool TrimLevel(int level, long before)
    {
        var step = HistoryLevel.Usual[level].Step;
        if (OldestOf(step) is not { } oldest || HistoryTable.SecondOf(oldest) >= before)
        {
            return false;
        }

        var levels = (LevelState[])_levels.Clone();
        // By time and the same for all kinds, so that what is left of them begins together.
        var end = Math.Min(HistoryTable.KeyOf(before, 0), PieceEnd(level));
        Sql.Run(_connection, "BEGIN IMMEDIATE");
        try
        {
            foreach (var shape in HistoryShape.All)
            {
                Delete(HistorySchema.TableOf(shape.Kind, step), end, levels);
            }

            WriteLevels(levels);
            Sql.Run(_connection, "COMMIT");
        }
        catch
        {
            Sql.TryRollBack(_connection);
            throw;
        }

        _levels = levels;
        return true;
    }

    /// <summary>The end of a piece at the beginning of a resolution: some thousand rows, and not much of what there is.</summary>
    private long PieceEnd(int level)
    {
        var step = HistoryLevel.Usual[level].Step;
        var rows = Math.Clamp(_levels[level].Rows / 8, 1, TrimRows);
        var end = HistoryTable.KeyOf(long.MaxValue >> 21, 0);
        foreach (var shape in HistoryShape.All)
        {
            var name = HistorySchema.TableOf(shape.Kind, step).Name;
            if (Sql.Number(_connection, $"SELECT key FROM {name} ORDER BY key LIMIT 1 OFFSET $rows", ("$rows", rows)) is { } key)
            {
                // A whole window at least, or there would be no end to it.
                end = Math.Min(end, HistoryTable.KeyOf(HistoryTable.SecondOf(key) + step, 0));
            }
        }

        return end;
    }

    private void Delete(HistoryTable table, long end, LevelState[] levels)
    {
        using (var command = Sql.CommandOf(_connection, $"SELECT count(*), ifnull(sum({table.SizeExpression}), 0) FROM {table.Name} WHERE key < $end", ("$end", end)))
        using (var reader = command.ExecuteReader())
        {
            if (reader.Read())
            {
                Account(levels, table.Step, -reader.GetInt64(0), -reader.GetInt64(1));
            }
        }

        Sql.Run(_connection, $"DELETE FROM {table.Name} WHERE key < $end", ("$end", end));
    }

    private void TrimNotes(string table, long bound)
    {
        var oldest = (_now - HistoryLevel.Usual[^1].Keep) * NanosecondsPerSecond;
        Sql.Run(
            _connection,
            $"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE at < $oldest ORDER BY at LIMIT $most) OR id <= (SELECT max(id) FROM {table}) - $bound",
            ("$oldest", oldest),
            ("$most", TrimRows),
            ("$bound", bound));
    }

    /// <summary>Forgets series whose last rows are gone; a day later, since they go in pieces.</summary>
    private void TrimSeries()
    {
        var oldest = _now - HistoryLevel.Usual[^1].Keep - 86_400;
        if (Sql.Number(_connection, "SELECT 1 FROM series WHERE last < $oldest LIMIT 1", ("$oldest", oldest)) is null)
        {
            return;
        }

        Sql.Run(_connection, "DELETE FROM series WHERE last < $oldest", ("$oldest", oldest));
        _series.Clear();
        ReadSeries();
    }

    private void Measure()
    {
        var page = Sql.Number(_connection, "PRAGMA page_size") ?? 0;
        Bytes = page * ((Sql.Number(_connection, "PRAGMA page_count") ?? 0) - (Sql.Number(_connection, "PRAGMA freelist_count") ?? 0));
    }

    /// <summary>Gives pages back where the file is larger than it may be: the size was set lower.</summary>
    private void Shrink()
    {
        var page = Sql.Number(_connection, "PRAGMA page_size") ?? 4_096;
        if (Sql.Number(_connection, "PRAGMA page_count") * page > Room && Sql.Number(_connection, "PRAGMA freelist_count") > 0)
        {
            using var command = Sql.CommandOf(_connection, "PRAGMA incremental_vacuum(2000)");
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                // Each step gives one page back.
            }
        }
    }
}
