using System.Threading.Channels;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Agent.Fleet;

/// <summary>
/// Judges while the agent runs: cuts our slices, takes the peers', asks the rules four times a second and hands out what changed. All of it on the pool,
/// far from the probing thread; the rules see one caller at a time.
/// </summary>
public sealed class DiagnosisService : IAsyncDisposable
{
    private const int QueueLength = 1_024;

    private static readonly Duration s_afterWindows = Duration.FromMilliseconds(70);
    private static readonly Duration s_tooSoon = Duration.FromMilliseconds(5);
    private static readonly Duration s_pauseBetweenNotes = Duration.FromSeconds(60);

    private readonly DiagnosisServiceOptions _options;
    private readonly Diagnostician _rules;
    private readonly Channel<Arrival> _arrivals;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _judging = new();
    private readonly long[] _begun = new long[Enum.GetValues<VerdictKind>().Length];
    private FleetReader? _reader;
    private Task _work = Task.CompletedTask;
    private IReadOnlyList<Verdict> _verdicts = [];
    private MonoTime _nextNote = new(long.MinValue);
    private long _dropped;
    private long _failures;

    /// <summary>Does nothing before <see cref="Start"/>.</summary>
    public DiagnosisService(DiagnosisServiceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _rules = new Diagnostician(options.Self);
        Board = new SliceBoard(options.Self, options.Run);
        var queue = new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true };
        _arrivals = Channel.CreateBounded<Arrival>(queue, _ => Interlocked.Increment(ref _dropped));
    }

    /// <summary>Our slices, for the peers.</summary>
    public SliceBoard Board { get; }

    /// <summary>What is and what was wrong, the newest last.</summary>
    public IReadOnlyList<Verdict> Verdicts => Volatile.Read(ref _verdicts);

    /// <summary>The same for others.</summary>
    public VerdictDocument Document => VerdictDocument.Of(_options.Self, SystemClocks.Wall(), Verdicts);

    /// <summary>Who asks the peers; null where nobody does.</summary>
    public FleetReader? Reader => _reader;

    /// <summary>Slices that were lost because the rules were too slow, the oldest first.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>How often the rules, or who cuts slices, failed: a defect.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>What a node itself told us last so that nobody misses it; null for nothing. To be asked while a slice is cut.</summary>
    public PeerNotice? NoticeOf(string node) => _rules.NoticeOf(node);

    /// <summary>How many verdicts of a kind began so far, recurrences not counted.</summary>
    public long Begun(VerdictKind kind) => Interlocked.Read(ref _begun[(int)kind]);

    /// <summary>Begins.</summary>
    /// <param name="asking">How peers are asked; null where none is.</param>
    public void Start(FleetReaderOptions? asking)
    {
        _reader = asking is null ? null : new FleetReader(asking, (slice, at) => Enqueue(new Arrival(slice, null, at)), (node, at) => Enqueue(new Arrival(null, node, at)));
        _work = Task.WhenAll(Task.Run(TakeAsync), Task.Run(TickAsync));
    }

    /// <summary>Stops judging and says to whoever asks that this node leaves, in order: the board has our last slice then.</summary>
    public async Task LeaveAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        await _work;
        if (_work != Task.CompletedTask && Cut(SystemClocks.Pair()) is { } last)
        {
            Publish(last with { IsLeaving = true });
        }

        if (_reader is not null)
        {
            await _reader.DisposeAsync();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await LeaveAsync();
        _options.Log?.Dispose();
    }

    private void Enqueue(Arrival arrival) => _ = _arrivals.Writer.TryWrite(arrival);

    private async Task TakeAsync()
    {
        try
        {
            await foreach (var arrival in _arrivals.Reader.ReadAllAsync(_stop.Token))
            {
                Guard(() => Take(arrival));
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private void Take(Arrival arrival)
    {
        if (arrival.Slice is { } told)
        {
            _options.OnSlice?.Invoke(told, arrival.At);
        }
        else
        {
            _options.OnUnreachable?.Invoke(arrival.Unreachable!, arrival.At);
        }

        lock (_judging)
        {
            if (arrival.Slice is { } slice)
            {
                _rules.Take(slice, arrival.At);
            }
            else
            {
                _rules.NoteUnreachable(arrival.Unreachable!, arrival.At);
            }
        }
    }

    private async Task TickAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(ToNextTick(), _stop.Token);
                Guard(Tick);
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    /// <summary>Paths' windows end at whole multiples of a quarter of a second, and are taken in within 50 ms: each slice is to hold one of each.</summary>
    private TimeSpan ToNextTick()
    {
        var interval = (long)_options.Interval.TotalMicroseconds;
        var now = SystemClocks.Mono().Nanoseconds / 1_000;
        var left = interval - ((now - s_afterWindows.Microseconds) % interval);
        // Timers may be early by a millisecond: the same tick again would cut a slice of nothing, in which nobody was heard.
        return TimeSpan.FromMicroseconds(left < s_tooSoon.Microseconds ? left + interval : left);
    }

    private void Tick()
    {
        var now = SystemClocks.Pair();
        if (Cut(now) is { } slice)
        {
            Publish(slice);
            _options.OnSlice?.Invoke(slice, now.Mono);
            lock (_judging)
            {
                _rules.Take(slice, now.Mono);
            }

            _reader?.Update(_options.Peers(), SliceInterest.Suspects(slice));
        }

        IReadOnlyList<VerdictChange> changes;
        lock (_judging)
        {
            changes = _rules.Judge(now);
            // A copy: others read it while the rules go on.
            Volatile.Write(ref _verdicts, [.. _rules.Verdicts]);
        }

        foreach (var change in changes)
        {
            Tell(change, now.Wall);
        }
    }

    private NodeSlice? Cut(ClockPairing now)
    {
        NodeSlice? slice = null;
        Guard(() => slice = _options.Cut(now));
        return slice;
    }

    private void Publish(NodeSlice slice)
    {
        Board.Publish(slice);
        _options.Log?.Write(slice);
    }

    private void Tell(VerdictChange change, WallTime now)
    {
        if (change.Kind == VerdictChangeKind.Begun)
        {
            Interlocked.Increment(ref _begun[(int)change.Verdict.What]);
        }

        _options.Log?.Write(change, now);
        _options.OnChange(change);
    }

    /// <summary>A defect in what is judged must not end the judging; it is counted, and told once a minute.</summary>
    private void Guard(Action action)
    {
        try
        {
            action();
        }
#pragma warning disable CA1031 // Whatever it is: the measuring goes on, and so does the next judgement.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Interlocked.Increment(ref _failures);
            var now = SystemClocks.Mono();
            if (now >= _nextNote)
            {
                _nextNote = now + s_pauseBetweenNotes;
                _options.OnNote($"the diagnosis failed: {e.GetType().Name}: {e.Message}");
            }
        }
    }

    private readonly record struct Arrival(NodeSlice? Slice, string? Unreachable, MonoTime At);
}
