using System.Threading.Channels;
using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;
using Microsoft.Data.Sqlite;

namespace Meshpulse.Agent.History;

/// <summary>
/// Keeps the history while the agent runs, on a thread of its own that may wait for a disk. Whatever becomes of the file, the measuring goes on: what
/// can't be written is told once, and tried again; a damaged file is set aside. What comes while the thread waits has a bounded queue, which drops
/// the oldest and counts.
/// </summary>
internal sealed class HistoryService : IDisposable
{
    // Half seconds. Each may hold a row for every series, so there can't be many.
    private const int QueueLength = 12;
    private const int MostTrims = 20;
    private const long CheckedUpTo = 256L << 20;

    private static readonly Duration s_trimInterval = Duration.FromSeconds(10);
    private static readonly Duration s_retryInterval = Duration.FromSeconds(5);
    private static readonly TimeSpan s_lockPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_stopPatience = TimeSpan.FromSeconds(1);

    private readonly HistoryOptions _options;
    private readonly string _node;
    private readonly Action<string> _note;
    private readonly Channel<HistoryBatch> _batches;
    private readonly Thread _thread;
    private IDisposable? _seat;
    private HistoryWriter? _writer;
    private MonoTime _nextTrim;
    private MonoTime _nextTry = new(long.MinValue);
    private long _dropped;
    private long _written;
    private long _lost;
    private long _unreadable;
    private int _state;
    private int _stopped;
    private long _lostWhenTold;
    private (long Written, long Lost, long Unreadable) _before;

    /// <summary>Does nothing before <see cref="Start"/>.</summary>
    /// <param name="options">Where, and how much.</param>
    /// <param name="node">Whose history it is.</param>
    /// <param name="note">Is given what an operator wants to know, a line at a time; on the thread of this.</param>
    public HistoryService(HistoryOptions options, string node, Action<string> note)
    {
        (_options, _node, _note) = (options, node, note);
        var queue = new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true };
        _batches = Channel.CreateBounded<HistoryBatch>(queue, batch => Interlocked.Add(ref _dropped, batch.Rows.Count));
        _thread = new Thread(Run, 1024 * 1024) { Name = "history", IsBackground = true };
    }

    /// <summary>The file.</summary>
    public string File => _options.File;

    /// <summary>How it goes.</summary>
    public HistoryState State => (HistoryState)Volatile.Read(ref _state);

    /// <summary>Rows written.</summary>
    public long RowsWritten => Interlocked.Read(ref _written);

    /// <summary>Rows that the thread was too slow for, or that there was no room for.</summary>
    public long RowsDropped => Interlocked.Read(ref _dropped) + Interlocked.Read(ref _lost);

    /// <summary>Rows of the file that were damaged.</summary>
    public long RowsUnreadable => Interlocked.Read(ref _unreadable);

    /// <summary>What the file and its log take, in bytes.</summary>
    public long Bytes => SizeOf(File) + SizeOf(File + "-wal");

    /// <summary>When each resolution's oldest window begins, in seconds since 1970, by its step; 0 for none.</summary>
    public IReadOnlyDictionary<int, long> Oldest { get; private set; } = new Dictionary<int, long>();

    /// <summary>How long commits took.</summary>
    public DelayBuckets CommitTimes { get; } = new();

    /// <summary>Begins.</summary>
    public void Start() => _thread.Start();

    /// <summary>Takes a batch; from any thread, never waits.</summary>
    public void Offer(HistoryBatch batch) => _ = _batches.Writer.TryWrite(batch);

    /// <summary>Writes what has come and ends; waits a second at most.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
        {
            return;
        }

        _ = _batches.Writer.TryComplete();
        if (_thread.IsAlive)
        {
            _ = _thread.Join(s_stopPatience);
        }
    }

    private static long SizeOf(string file)
    {
        try
        {
            return new FileInfo(file) is { Exists: true } info ? info.Length : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private void Run()
    {
        try
        {
            while (_batches.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                while (_batches.Reader.TryRead(out var batch))
                {
                    Guard(() => Take(batch));
                }
            }
        }
        finally
        {
            Close();
        }
    }

    /// <summary>Whatever the file does, the thread goes on.</summary>
    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (SqliteException e)
        {
            OnError(e);
        }
        catch (HistoryFileException e)
        {
            OnRefused(e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(HistoryState.Failing, $"can't be used: {e.Message}");
        }
#pragma warning disable CA1031 // A defect here must not end the history for good: the file is opened anew.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Close();
            Fail(HistoryState.Failing, $"failed: {e.GetType().Name}: {e.Message}");
        }
    }

    private void Take(HistoryBatch batch)
    {
        var isTaken = false;
        try
        {
            if (State != HistoryState.Off && TryOpen())
            {
                _writer!.Take(batch);
                isTaken = true;
                Commit();
            }
        }
        finally
        {
            if (!isTaken)
            {
                _before.Lost += batch.Rows.Count;
                Interlocked.Add(ref _lost, batch.Rows.Count);
            }
        }

        var now = SystemClocks.Mono();
        if (isTaken && now >= _nextTrim)
        {
            _nextTrim = now + s_trimInterval;
            Trim();
        }
    }

    private void Commit()
    {
        var begin = SystemClocks.Mono();
        try
        {
            _writer!.Commit();
        }
        finally
        {
            CountRows();
        }

        CommitTimes.Record(SystemClocks.Mono() - begin);
        Succeed();
    }

    private void Trim()
    {
        if (!System.IO.File.Exists(File))
        {
            // Somebody removed it: SQLite would write on into a file without a name.
            Tell("was removed; a new one is begun");
            Renew();
            return;
        }

        for (var left = MostTrims; left > 0 && _writer!.Trim(); left--)
        {
            // The next piece.
        }

        Oldest = _writer!.Oldest;
    }

    private bool TryOpen()
    {
        if (_writer is not null)
        {
            return true;
        }

        var now = SystemClocks.Mono();
        if (now < _nextTry)
        {
            return false;
        }

        _nextTry = now + s_retryInterval;
        if (!HistoryLibrary.TryLoad(out var problem))
        {
            throw new HistoryFileException(HistoryFileFault.NoLibrary, problem);
        }

        _seat ??= HistoryPlace.Take(File, s_lockPatience);
        _writer = Open();
        return true;
    }

    private HistoryWriter Open()
    {
        HistoryWriter? writer = null;
        try
        {
            writer = new HistoryWriter(File, _options.Size, _node);
            if (SizeOf(File) <= CheckedUpTo && !writer.IsSound())
            {
                throw new HistoryFileException(HistoryFileFault.Damaged, "is damaged");
            }

            return writer;
        }
        catch
        {
            writer?.Dispose();
            throw;
        }
    }

    private void OnError(SqliteException e)
    {
        if (HistoryErrors.IsDamage(e))
        {
            SetAside("damaged", "is damaged");
        }
        else if (HistoryErrors.IsFull(e))
        {
            OnFull();
        }
        else
        {
            if (!HistoryErrors.IsBusy(e))
            {
                // What holds a handle of a disk that failed may not notice that it is back.
                Close();
            }

            Fail(HistoryState.Failing, HistoryErrors.Explain(e));
        }
    }

    private void OnFull()
    {
        var isBound = _writer?.IsAtBound == true;
        Fail(HistoryState.Full, isBound ? "has no room within its size" : "can't grow: the disk is full");
        if (isBound)
        {
            _nextTrim = default;
            Guard(Trim);
        }
    }

    private void OnRefused(HistoryFileException e)
    {
        switch (e.Fault)
        {
            case HistoryFileFault.NoLibrary:
                Volatile.Write(ref _state, (int)HistoryState.Off);
                _note($"no history is kept: {e.Message}");
                break;
            case HistoryFileFault.Foreign:
                Close();
                Volatile.Write(ref _state, (int)HistoryState.Off);
                Tell($"{e.Message}; it stays as it is, and no history is kept");
                break;
            case HistoryFileFault.Newer:
                SetAside("newer", e.Message);
                break;
            case HistoryFileFault.Damaged:
                SetAside("damaged", e.Message);
                break;
            default:
                Fail(HistoryState.Failing, e.Message);
                break;
        }
    }

    /// <summary>Renames the file and begins a new one; what was not written yet goes there.</summary>
    private void SetAside(string why, string message)
    {
        var old = _writer;
        _writer = null;
        old?.Dispose();
        try
        {
            var aside = HistoryPlace.SetAside(File, why, DateTimeOffset.FromUnixTimeMilliseconds(SystemClocks.Wall().Microseconds / 1_000));
            Tell($"{message}; it is kept as {Path.GetFileName(aside)}, and a new one is begun");
            _writer = Open();
            old?.HandOver(_writer);
            _before = (_written, _lost, _unreadable);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(HistoryState.Failing, $"{message}, and can't be renamed: {e.Message}");
        }
        catch (Exception e) when (e is SqliteException or HistoryFileException)
        {
            Fail(HistoryState.Failing, $"{message}, and no other can be begun: {e.Message}");
        }
    }

    private void Renew()
    {
        var old = _writer!;
        _writer = null;
        old.Dispose();
        CountRows();
        _before = (_written, _lost, _unreadable);
        _writer = Open();
        old.HandOver(_writer);
    }

    private void CountRows()
    {
        if (_writer is { } writer)
        {
            Interlocked.Exchange(ref _written, _before.Written + writer.RowsWritten);
            Interlocked.Exchange(ref _lost, _before.Lost + writer.RowsLost);
            Interlocked.Exchange(ref _unreadable, _before.Unreadable + writer.RowsUnreadable);
        }
    }

    private void Close()
    {
        CountRows();
        _before = (_written, _lost, _unreadable);
        try
        {
            _writer?.Dispose();
        }
        catch (SqliteException)
        {
            // The log stays beside the file and is taken in at the next opening.
        }

        _writer = null;
        _seat?.Dispose();
        _seat = null;
    }

    private void Succeed()
    {
        var was = (HistoryState)Interlocked.Exchange(ref _state, (int)HistoryState.Writing);
        if (was is HistoryState.Full or HistoryState.Failing)
        {
            var lost = RowsDropped - _lostWhenTold;
            Tell($"is written again{(lost > 0 ? $"; {lost} rows were lost" : "")}");
        }
    }

    /// <summary>Tells it where it is news.</summary>
    private void Fail(HistoryState state, string message)
    {
        if (Interlocked.Exchange(ref _state, (int)state) != (int)state)
        {
            _lostWhenTold = RowsDropped;
            Tell($"{message}; {(_writer is null ? "what is measured meanwhile is lost" : $"what is measured meanwhile waits for {HistoryWriter.MostSecondsWaiting} s at most")}");
        }
    }

    private void Tell(string text) => _note($"history: {File} {text}");
}
