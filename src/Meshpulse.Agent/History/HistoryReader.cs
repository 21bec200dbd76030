using System.Text.Json;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Core.Time;
using Microsoft.Data.Sqlite;

namespace Meshpulse.Agent.History;

/// <summary>
/// Reads a store's file, while its agent writes it or not; never writes. Each question sees the file as it is at one moment. One thread at a time; a
/// few open readers cost nothing, one that is kept through a long question keeps the write-ahead log from being shortened.
/// <para>
/// A span is read from the coarsest windows that divide the step that is wanted, and its end, of which there are no coarse windows yet, from finer
/// ones: every second counts once. Where the fine windows do not reach back to the span's beginning, the step becomes longer.
/// </para>
/// </summary>
public sealed class HistoryReader : IDisposable
{
    /// <summary>The most windows of one answer.</summary>
    public const int MaxPoints = 100_000;

    private const long NanosecondsPerSecond = 1_000_000_000;
    private const int MostNotes = 100_000;
    // The largest wall time that a key has room for.
    private const long LastSecond = long.MaxValue >> 21;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<HistoryTable, string> _selects = [];

    private HistoryReader(string file, SqliteConnection connection) => (File, _connection) = (file, connection);

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>Rows that were damaged and passed over.</summary>
    public long Unreadable { get; private set; }

    /// <summary>Whose history it is, as that node is called; empty where the file does not say.</summary>
    public string Node => Ask(() =>
    {
        using var command = Sql.CommandOf(_connection, "SELECT value FROM meta WHERE name = 'node'");
        return command.ExecuteScalar() as string ?? "";
    });

    /// <summary>How far each resolution reaches, the finest first.</summary>
    public IReadOnlyList<HistoryReach> Reach => Ask<IReadOnlyList<HistoryReach>>(() => [.. HistoryLevel.Usual.Select(ReachOf)]);

    /// <summary>Opens a file.</summary>
    /// <exception cref="HistoryFileException">It is not there, no store, of a newer program, damaged, or SQLite is not installed.</exception>
    public static HistoryReader Open(string file)
    {
        if (!HistoryLibrary.TryLoad(out var problem))
        {
            throw new HistoryFileException(HistoryFileFault.NoLibrary, problem);
        }

        if (!System.IO.File.Exists(file))
        {
            throw new HistoryFileException(HistoryFileFault.Missing, "is not there");
        }

        try
        {
            return TryOpen(file, isImmutable: false);
        }
        catch (SqliteException e) when (!HistoryErrors.IsDamage(e) && !HasLog(file))
        {
            // Without a log next to it nobody writes it; where we may not make one, SQLite has to be told that.
            return Guarded(() => TryOpen(file, isImmutable: true));
        }
        catch (SqliteException e)
        {
            throw FaultOf(e);
        }
    }

    /// <summary>All series, in order of kind, source, target and check.</summary>
    /// <exception cref="HistoryFileException">The file is damaged, or can't be read any more; so do all others.</exception>
    public IReadOnlyList<HistorySeries> Series() => Ask<IReadOnlyList<HistorySeries>>(() =>
    {
        using var command = Sql.CommandOf(_connection, "SELECT id, kind, source, target, \"check\", first, last FROM series ORDER BY kind, source, target, \"check\"");
        using var reader = command.ExecuteReader();
        var series = new List<HistorySeries>();
        while (reader.Read())
        {
            if (reader.GetInt32(1) is >= 0 and < 4 and var kind)
            {
                var name = new SeriesName((SeriesKind)kind, reader.GetString(2), reader.GetString(3), reader.GetString(4));
                series.Add(new HistorySeries(reader.GetInt32(0), name, WallOf(reader.GetInt64(5)), WallOf(reader.GetInt64(6))));
            }
        }

        return series;
    });

    /// <summary>The windows of a series over a span.</summary>
    /// <param name="series">One of <see cref="Series"/>.</param>
    /// <param name="from">The span's beginning; moved to a whole step before it.</param>
    /// <param name="to">Its end; moved to a whole step after it.</param>
    /// <param name="points">The most windows that are wanted, 1 to <see cref="MaxPoints"/>.</param>
    /// <param name="step">The shortest windows that are wanted; null for as short as there are and <paramref name="points"/> allows.</param>
    /// <param name="stop">Gives up.</param>
    public HistoryWindows Windows(HistorySeries series, WallTime from, WallTime to, int points, Duration? step = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(series);
        return Ask(() =>
        {
            var span = SpanOf(from, to, points, step);
            var windows = new List<HistoryWindow>();
            foreach (var (second, row) in RowsOf(series, span, stop))
            {
                var begin = second / span.Step * span.Step;
                if (windows.Count > 0 && windows[^1].From == WallOf(begin))
                {
                    windows[^1].Row.Add(row);
                }
                else
                {
                    windows.Add(new HistoryWindow(WallOf(begin), Duration.FromSeconds(span.Step), row));
                }
            }

            return new HistoryWindows(series, WallOf(span.From), WallOf(span.To), Duration.FromSeconds(span.Step), windows);
        });
    }

    /// <summary>All series of a kind over a span, each as one row: the matrix as it was then.</summary>
    /// <param name="kind">Of what.</param>
    /// <param name="from">The span's beginning, moved to a whole window before it: a second within the last hour, a minute beyond a day.</param>
    /// <param name="to">Its end.</param>
    /// <param name="stop">Gives up.</param>
    public IReadOnlyList<(HistorySeries Series, HistoryRow Row)> Totals(SeriesKind kind, WallTime from, WallTime to, CancellationToken stop = default)
    {
        var known = Series().Where(s => s.Name.Kind == kind).ToDictionary(s => s.Id);
        return Ask(() =>
        {
            // As few rows as there can be, but not so coarse that the span's ends are somebody else's.
            var span = SpanOf(from, to, 30, null);
            var sums = new SortedDictionary<int, HistoryRow>();
            foreach (var (level, begin, end) in Segments(span))
            {
                foreach (var (id, row) in RowsOf(HistorySchema.TableOf(kind, HistoryLevel.Usual[level].Step), begin, end, stop))
                {
                    if (!sums.TryAdd(id, row))
                    {
                        sums[id].Add(row);
                    }
                }
            }

            return (IReadOnlyList<(HistorySeries, HistoryRow)>)[.. sums.Where(s => known.ContainsKey(s.Key)).Select(s => (known[s.Key], s.Value))];
        });
    }

    /// <summary>The host's vitals over a span; null where the store has none.</summary>
    /// <inheritdoc cref="Windows" />
    public HistoryWindows? Vitals(WallTime from, WallTime to, int points, Duration? step = null, CancellationToken stop = default) =>
        Series().FirstOrDefault(s => s.Name.Kind == SeriesKind.Host) is { } host ? Windows(host, from, to, points, step, stop) : null;

    /// <summary>What happened in a span, in order; the latest where there is more than the limit.</summary>
    public IReadOnlyList<HistoryEvent> Events(WallTime from, WallTime to, int limit) => Ask(() => Notes(
        "SELECT at, kind, node, text FROM events",
        from,
        to,
        limit,
        r => new HistoryEvent(new WallTime(r.GetInt64(0)), r.GetString(1), r.GetString(2), r.GetString(3))));

    /// <summary>When the agent that writes here was started last before a moment; null where the store does not say.</summary>
    public WallTime? Started(WallTime before) => Ask(() =>
        Sql.Number(_connection, "SELECT max(at) FROM events WHERE kind = 'started' AND at < $before", ("$before", before.Nanoseconds)) is { } at ? new WallTime(at) : (WallTime?)null);

    /// <summary>What was judged in a span: each change of a verdict, in order; the latest where there is more than the limit.</summary>
    public IReadOnlyList<HistoryVerdict> Verdicts(WallTime from, WallTime to, int limit) =>
        Ask(() => Notes("SELECT at, change, body FROM verdicts", from, to, limit, VerdictAt));

    /// <inheritdoc />
    public void Dispose() => _connection.Dispose();

    private static WallTime WallOf(long second) => new(Math.Clamp(second, 0, LastSecond / 2) * NanosecondsPerSecond);

    private static bool HasLog(string file) => new FileInfo(file + "-wal") is { Exists: true, Length: > 0 };

    private static HistoryReader TryOpen(string file, bool isImmutable)
    {
        var source = isImmutable ? $"file:{Uri.EscapeDataString(Path.GetFullPath(file)).Replace("%2F", "/", StringComparison.Ordinal)}?immutable=1" : file;
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = source, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        try
        {
            connection.Open();
            Sql.Run(connection, "PRAGMA busy_timeout = 2000");
            Sql.Run(connection, "PRAGMA trusted_schema = OFF");
            Sql.Run(connection, "PRAGMA cell_size_check = ON");
            HistorySchema.Check(connection);
            if (HistorySchema.VersionOf(connection) == 0)
            {
                throw new HistoryFileException(HistoryFileFault.Foreign, "is empty: nothing was written into it yet");
            }

            return new HistoryReader(file, connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static T Guarded<T>(Func<T> question)
    {
        try
        {
            return question();
        }
        catch (SqliteException e)
        {
            throw FaultOf(e);
        }
    }

    private static HistoryFileException FaultOf(SqliteException e) =>
        new(HistoryErrors.IsDamage(e) ? HistoryFileFault.Damaged : HistoryFileFault.Unusable, HistoryErrors.Explain(e));

    /// <summary>Asks within one transaction.</summary>
    private T Ask<T>(Func<T> question) => Guarded(() =>
    {
        Sql.Run(_connection, "BEGIN");
        try
        {
            return question();
        }
        catch (InvalidCastException)
        {
            throw new HistoryFileException(HistoryFileFault.Damaged, "is damaged: it has something else where a number belongs");
        }
        finally
        {
            Sql.TryRollBack(_connection);
        }
    });

    private HistoryReach ReachOf(HistoryLevel level)
    {
        long? oldest = null, newest = null;
        foreach (var shape in HistoryShape.All)
        {
            var table = HistorySchema.TableOf(shape.Kind, level.Step);
            var (first, last) = (Sql.Number(_connection, $"SELECT min(key) FROM {table.Name}"), Sql.Number(_connection, $"SELECT max(key) FROM {table.Name}"));
            oldest = first is { } a ? Math.Min(oldest ?? long.MaxValue, HistoryTable.SecondOf(a)) : oldest;
            newest = last is { } b ? Math.Max(newest ?? 0, HistoryTable.SecondOf(b)) : newest;
        }

        using var command = Sql.CommandOf(_connection, "SELECT rows, bytes FROM levels WHERE step = $step", ("$step", level.Step));
        using var reader = command.ExecuteReader();
        var (rows, bytes) = reader.Read() ? (reader.GetInt64(0), reader.GetInt64(1)) : (0, 0);
        return new HistoryReach(Duration.FromSeconds(level.Step), oldest is { } o ? WallOf(o) : null, newest is { } n ? WallOf(n) : null, rows, bytes);
    }

    private Span SpanOf(WallTime from, WallTime to, int points, Duration? wanted)
    {
        var first = Math.Clamp(from.Nanoseconds / NanosecondsPerSecond, 0, LastSecond);
        var last = Math.Clamp((to.Nanoseconds + NanosecondsPerSecond - 1) / NanosecondsPerSecond, first, LastSecond);
        var step = HistorySteps.AtLeast(Math.Max(wanted?.Seconds ?? 0, (last - first) / (double)Math.Clamp(points, 1, MaxPoints)));
        step = Reaching(step, first);
        // Far beyond what any store has, as from the year 1970, steps would not help: the points are bounded by the rows then.
        return new Span(first / step * step, (last + step - 1) / step * step, step);
    }

    /// <summary>A step whose windows reach back as far as the coarser ones do, or as far as is asked.</summary>
    private int Reaching(int step, long first)
    {
        var oldest = HistoryLevel.Usual.Select(l => ReachOf(l).Oldest is { } at ? at.Nanoseconds / NanosecondsPerSecond : LastSecond).ToArray();
        for (var level = HistorySteps.LevelOf(step); level < oldest.Length - 1; level++)
        {
            // A window of slack: the coarser ones begin on their own grid.
            if (!oldest[(level + 1)..].Any(o => Math.Max(o, first) + HistoryLevel.Usual[^1].Step < oldest[level]))
            {
                return Math.Max(step, HistoryLevel.Usual[level].Step);
            }

            step = Math.Max(step, HistoryLevel.Usual[level + 1].Step);
        }

        return HistorySteps.LevelOf(step) == oldest.Length - 1 ? step : HistoryLevel.Usual[^1].Step;
    }

    /// <summary>Which resolution has which part of a span: each second is in one of them.</summary>
    private List<(int Level, long From, long To)> Segments(Span span)
    {
        var segments = new List<(int Level, long From, long To)>();
        var begin = span.From;
        for (var level = HistorySteps.LevelOf(span.Step); level >= 0 && begin < span.To; level--)
        {
            var end = level == 0 ? span.To : Math.Min(span.To, RolledOf(level));
            if (end > begin)
            {
                segments.Add((level, begin, end));
                begin = end;
            }
        }

        return segments;
    }

    private long RolledOf(int level) =>
        Sql.Number(_connection, "SELECT rolled FROM levels WHERE step = $step", ("$step", HistoryLevel.Usual[level].Step)) ?? 0;

    private IEnumerable<(long Second, HistoryRow Row)> RowsOf(HistorySeries series, Span span, CancellationToken stop)
    {
        foreach (var (level, begin, end) in Segments(span))
        {
            foreach (var found in RowsOf(series, HistorySchema.TableOf(series.Name.Kind, HistoryLevel.Usual[level].Step), begin, end, stop))
            {
                yield return found;
            }
        }
    }

    /// <summary>Asks for each window by its key; where there is none, the next row of anybody says how far to go on.</summary>
    private IEnumerable<(long Second, HistoryRow Row)> RowsOf(HistorySeries series, HistoryTable table, long begin, long end, CancellationToken stop)
    {
        using var rows = Sql.CommandOf(_connection, $"{SelectOf(table)} WHERE key = $key", ("$key", 0L));
        using var next = Sql.CommandOf(_connection, $"SELECT min(key) FROM {table.Name} WHERE key > $key", ("$key", 0L));
        for (var second = begin; second < end;)
        {
            stop.ThrowIfCancellationRequested();
            rows.Parameters[0].Value = HistoryTable.KeyOf(second, series.Id);
            HistoryRow? row = null;
            bool isThere;
            using (var reader = rows.ExecuteReader())
            {
                isThere = reader.Read();
                row = isThere ? TryRead(table, reader) : null;
            }

            if (row is not null)
            {
                yield return (second, row);
            }

            if (isThere)
            {
                second += table.Step;
                continue;
            }

            next.Parameters[0].Value = HistoryTable.KeyOf(second, series.Id);
            second = next.ExecuteScalar() is long key ? Math.Max(HistoryTable.SecondOf(key), second + (HistoryTable.SeriesOf(key) <= series.Id ? 0 : table.Step)) : end;
        }
    }

    private IEnumerable<(int Series, HistoryRow Row)> RowsOf(HistoryTable table, long begin, long end, CancellationToken stop)
    {
        using var command = Sql.CommandOf(
            _connection,
            $"{SelectOf(table)} WHERE key >= $from AND key < $to ORDER BY key",
            ("$from", HistoryTable.KeyOf(begin, 0)),
            ("$to", HistoryTable.KeyOf(end, 0)));
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            stop.ThrowIfCancellationRequested();
            if (TryRead(table, reader) is { } row)
            {
                yield return (HistoryTable.SeriesOf(reader.GetInt64(0)), row);
            }
        }
    }

    private HistoryRow? TryRead(HistoryTable table, SqliteDataReader reader)
    {
        try
        {
            return table.Read(reader, out _);
        }
        catch (Exception e) when (e is FormatException or InvalidCastException)
        {
            Unreadable++;
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

    private List<T> Notes<T>(string select, WallTime from, WallTime to, int limit, Func<SqliteDataReader, T?> read)
        where T : class
    {
        using var command = Sql.CommandOf(
            _connection,
            $"{select} WHERE at >= $from AND at < $to ORDER BY at DESC, id DESC LIMIT $limit",
            ("$from", from.Nanoseconds),
            ("$to", to.Nanoseconds),
            ("$limit", Math.Clamp(limit, 0, MostNotes)));
        using var reader = command.ExecuteReader();
        var notes = new List<T>();
        while (reader.Read())
        {
            if (read(reader) is { } note)
            {
                notes.Add(note);
            }
        }

        notes.Reverse();
        return notes;
    }

    private HistoryVerdict? VerdictAt(SqliteDataReader reader)
    {
        try
        {
            var verdict = JsonSerializer.Deserialize(reader.GetString(2), FleetJson.Info<VerdictEntry>(FleetJson.Verdicts));
            return verdict is null ? null : new HistoryVerdict(new WallTime(reader.GetInt64(0)), reader.GetString(1), verdict);
        }
        catch (JsonException)
        {
            Unreadable++;
            return null;
        }
    }

    /// <summary>In seconds since 1970, whole steps.</summary>
    private readonly record struct Span(long From, long To, int Step);
}
