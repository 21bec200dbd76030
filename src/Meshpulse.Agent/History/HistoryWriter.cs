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
    private const long MostEvents = 200_000;
    private const long MostVerdicts = 20_000;
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const int KeptSeconds = 2;
    private const long SecondsOfDay = 86_400;
    private const double FullFrom = 0.92;

    private readonly SqliteConnection _connection;
    private readonly long _size;
    private readonly RowStore _rows;
    private readonly SeriesBook _series;
    private readonly WindowRoller _roller;
    private readonly HistoryTrimmer _trimmer;
    private readonly Dictionary<(SeriesName Name, int Step, long Second), PendingRow> _pending = [];
    private readonly List<HistoryEvent> _events = [];
    private readonly List<HistoryVerdict> _verdicts = [];
    private LevelBook _levels;
    private long _newest;
    private long _now;
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
            _rows = new RowStore(_connection);
            _series = new SeriesBook(_connection);
            _roller = new WindowRoller(_rows);
            _trimmer = new HistoryTrimmer(_connection, _rows);
            _levels = LevelBook.Read(_connection);
            _newest = Newest();
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
    public long RowsUnreadable => _rows.Unreadable;

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
        var levels = _levels.Copy();
        var rolled = 0L;
        var written = new List<(PendingRow Row, int Size)>();
        Sql.Run(_connection, "BEGIN IMMEDIATE");
        try
        {
            foreach (var row in _pending.Values.Where(p => p.IsDirty))
            {
                Write(row, levels, written);
            }

            WriteNotes();
            _series.Touch(_pending.Values.Select(p => p.Name), _now);
            for (var level = 1; level < HistoryLevel.Usual.Count; level++)
            {
                // The finest rows may still grow for a moment; those of the middle are complete up to their own note.
                rolled += _roller.Roll(level, level == 1 ? _now - KeptSeconds : Math.Min(levels[level - 1].Rolled, _now), levels);
            }

            levels.Write(_connection, _levels);
            Sql.Run(_connection, "COMMIT");
        }
        catch (Exception e)
        {
            Sql.TryRollBack(_connection);
            _series.Undo();
            _isFull = e is SqliteException full && HistoryErrors.IsFull(full);
            throw;
        }

        _isFull = false;
        _levels = levels;
        _series.Keep();
        foreach (var (row, size) in written)
        {
            (row.IsDirty, row.StoredSize, row.MayExist) = (false, size, false);
            _newest = Math.Max(_newest, row.Second);
        }

        RowsWritten += written.Count + rolled;
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
            more |= Cut(level, _now - HistoryLevel.Usual[level].Keep);
        }

        Bytes = _trimmer.Measure();
        // What waits comes in one piece, and needs its room at once.
        var limit = (FullFrom * Room) - (_isFull && IsAtBound ? Math.Min(Room / 2, Waiting) : 0);
        if (Bytes > limit)
        {
            more |= Cut(_levels.MostOverShare(), long.MaxValue >> 21);
            Bytes = _trimmer.Measure();
        }

        // A tenth of the room each, at most.
        var oldest = _now - HistoryLevel.Usual[^1].Keep;
        _trimmer.CutNotes("events", oldest * NanosecondsPerSecond, Math.Min(MostEvents, Room / 1_000));
        _trimmer.CutNotes("verdicts", oldest * NanosecondsPerSecond, Math.Min(MostVerdicts, Room / 20_000));
        // A day later, since rows go in pieces.
        _series.Trim(oldest - SecondsOfDay);
        _trimmer.Shrink(Room);
        Oldest = HistoryLevel.Usual.ToDictionary(l => l.Step, l => _rows.OldestOf(l.Step) is { } key ? HistoryTable.SecondOf(key) : 0);
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
        _rows.Dispose();
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

    private long Newest() => HistorySchema.Tables.Max(t => Sql.Number(_connection, $"SELECT max(key) FROM {t.Name}") is { } key ? HistoryTable.SecondOf(key) : 0);

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

    private void Write(PendingRow pending, LevelBook levels, List<(PendingRow Row, int Size)> written)
    {
        if (_series.NumberOf(pending.Name, pending.Second) is not { } series)
        {
            pending.IsDirty = false;
            RowsLost++;
            return;
        }

        var key = HistoryTable.KeyOf(pending.Second, series);
        if (pending.MayExist && _rows.Read(pending.Table, key, out var size) is { } before)
        {
            before.Add(pending.Row);
            // Even where this transaction fails: the row in memory is the whole now, and the next one writes it.
            (pending.Row, pending.StoredSize) = (before, size);
        }

        pending.MayExist = false;
        var now = _rows.Insert(pending.Table, key, pending.Row);
        levels.Account(pending.Table.Step, pending.StoredSize == 0 ? 1 : 0, now - pending.StoredSize);
        written.Add((pending, now));
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

    private bool HasOld() => HistoryLevel.Usual.Any(l => _rows.OldestOf(l.Step) is { } key && HistoryTable.SecondOf(key) < _now - l.Keep);

    private bool Cut(int level, long before)
    {
        if (_trimmer.Cut(level, before, _levels) is not { } levels)
        {
            return false;
        }

        _levels = levels;
        return true;
    }
}
