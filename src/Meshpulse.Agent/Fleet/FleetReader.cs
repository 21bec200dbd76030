using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Agent.Fleet;

/// <summary>
/// Asks the peers for what they saw: one loop for each that is asked, on the pool, over one connection. How many are asked is bounded, and so are the
/// time, the bytes and the pace of each. What comes is handed over as it comes; who takes it must not wait.
/// </summary>
public sealed class FleetReader : IAsyncDisposable
{
    // So many views of one node on another are taken in at most, four times a second.
    private const int MostViews = 2_500;
    private const int FewestAsked = 3;

    private static readonly TimeSpan s_stopPatience = TimeSpan.FromMilliseconds(500);

    private readonly FleetReaderOptions _options;
    private readonly Action<NodeSlice, MonoTime> _onSlice;
    private readonly Action<string, MonoTime> _onUnreachable;
    private readonly HttpClient _client;
    private readonly Lock _lock = new();
    private readonly Dictionary<FleetPeer, Loop> _loops = [];
    private readonly long[] _outcomes = new long[Enum.GetValues<AskOutcome>().Length];
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private long _received;
    private bool _isStopped;

    /// <summary>Asks nobody yet.</summary>
    /// <param name="options">Where, how often, how much.</param>
    /// <param name="onSlice">Is given each slice and when it came; from several threads at once.</param>
    /// <param name="onUnreachable">Is told of each peer that was asked and did not answer.</param>
    public FleetReader(FleetReaderOptions options, Action<NodeSlice, MonoTime> onSlice, Action<string, MonoTime> onUnreachable)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _onSlice, _onUnreachable) = (options, onSlice, onUnreachable);
        _client = PeerHttp.ClientOf(options, 1);
    }

    /// <summary>How many peers are being asked.</summary>
    public int Asked
    {
        get
        {
            lock (_lock)
            {
                return _loops.Count;
            }
        }
    }

    /// <summary>How many of them have answered the last time.</summary>
    public int Answering
    {
        get
        {
            lock (_lock)
            {
                return _loops.Values.Count(l => l.Last == AskOutcome.Answered);
            }
        }
    }

    /// <summary>What became of asking a peer the last time; null where it is not asked, or not yet.</summary>
    internal AskOutcome? LastOf(string peer)
    {
        lock (_lock)
        {
            return _loops.Values.FirstOrDefault(l => l.Asker.Peer.Name == peer)?.Last;
        }
    }

    /// <summary>Slices that came.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>The requests so far by what became of them.</summary>
    internal IEnumerable<(AskOutcome Outcome, long Count)> Outcomes =>
        Enum.GetValues<AskOutcome>().Select(o => (o, Interlocked.Read(ref _outcomes[(int)o])));

    /// <summary>Says who there is; who is no longer asked is let go.</summary>
    /// <param name="peers">All connected peers.</param>
    /// <param name="suspects">The names of those that stand out, the most conspicuous first.</param>
    public void Update(IReadOnlyCollection<FleetPeer> peers, IEnumerable<string> suspects)
    {
        ArgumentNullException.ThrowIfNull(peers);
        ArgumentNullException.ThrowIfNull(suspects);
        var turn = (long)(TimeProvider.System.GetElapsedTime(_began) / _options.Turn);
        var most = MostAsked(_options, peers.Count);
        var wanted = FleetSelection.Of(peers, suspects, turn, most, Math.Min(_options.MaxSuspects, most * 3 / 5));
        List<Loop> dropped;
        lock (_lock)
        {
            if (_isStopped)
            {
                return;
            }

            dropped = [.. _loops.Keys.Except(wanted).ToList().Select(Remove)];
            foreach (var peer in wanted.Where(p => !_loops.ContainsKey(p)))
            {
                var loop = new Loop(new PeerAsker(peer, _client, _options, wanted.Count == peers.Count ? _options.MaxSlices : _options.MaxSampledSlices));
                _loops.Add(peer, loop);
                loop.Task = Task.Run(() => RunAsync(loop));
            }
        }

        dropped.ForEach(l => l.Stop.Cancel());
    }

    /// <summary>How many of so many peers are asked at once. Each tells of all its peers: what comes in would grow with the square, and is bounded here.</summary>
    internal static int MostAsked(FleetReaderOptions options, int peers) => Math.Min(options.MaxAsked, Math.Max(FewestAsked, MostViews / Math.Max(1, peers)));

    /// <summary>Lets all go; takes at most half a second.</summary>
    public async ValueTask DisposeAsync()
    {
        List<Loop> loops;
        lock (_lock)
        {
            _isStopped = true;
            loops = [.. _loops.Keys.ToList().Select(Remove)];
        }

        loops.ForEach(l => l.Stop.Cancel());
        await Task.WhenAny(Task.WhenAll(loops.Select(l => l.Task)), Task.Delay(s_stopPatience));
        _client.Dispose();
    }

    private Loop Remove(FleetPeer peer)
    {
        _ = _loops.Remove(peer, out var loop);
        return loop!;
    }

    private async Task RunAsync(Loop loop)
    {
        var failures = 0;
        var stop = loop.Stop.Token;
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var began = TimeProvider.System.GetTimestamp();
                var (outcome, batch) = await loop.Asker.AskAsync(_options.Wait, stop);
                Interlocked.Increment(ref _outcomes[(int)outcome]);
                loop.Last = outcome;
                failures = outcome == AskOutcome.Answered ? 0 : failures + 1;
                outcome = outcome == AskOutcome.Broken && failures > 1 ? AskOutcome.Unreachable : outcome;
                loop.HasLeft = batch?.Slices is [.., var last] ? last.IsLeaving : loop.HasLeft;
                HandOver(loop, outcome, batch);
                var pause = PauseAfter(outcome, loop.Asker.HasAnswered, failures, loop.HasLeft) - TimeProvider.System.GetElapsedTime(began);
                if (pause > TimeSpan.Zero)
                {
                    await Task.Delay(pause, stop);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It is let go.
        }
        finally
        {
            loop.Stop.Dispose();
        }
    }

    /// <summary>Hands over what came, or that nothing did; of a peer that said it leaves that is no news.</summary>
    private void HandOver(Loop loop, AskOutcome outcome, SliceBatch? batch)
    {
        var now = SystemClocks.Mono();
        if (outcome == AskOutcome.Unreachable && !loop.HasLeft)
        {
            _onUnreachable(loop.Asker.Peer.Name, now);
        }

        foreach (var slice in batch?.Slices ?? [])
        {
            Interlocked.Increment(ref _received);
            _onSlice(slice, now);
        }
    }

    /// <summary>How long from the beginning of a request to the next.</summary>
    private TimeSpan PauseAfter(AskOutcome outcome, bool hasAnswered, int failures, bool hasLeft) => outcome switch
    {
        // It said all that it has to say; should it stay after all, its slices are still there.
        AskOutcome.Answered => hasLeft ? _options.LongestRetry : _options.Pace,
        AskOutcome.Broken => TimeSpan.Zero,
        AskOutcome.Unreachable => _options.Retry * Math.Min(1 << Math.Min(failures - 1, 10), _options.LongestRetry / _options.Retry),
        AskOutcome.Absent when !hasAnswered => _options.AbsentRetry,
        _ => failures > 30 ? _options.AbsentRetry : _options.LongestRetry,
    };

    private sealed class Loop(PeerAsker asker)
    {
        public PeerAsker Asker => asker;

        public CancellationTokenSource Stop { get; } = new();

        public Task Task { get; set; } = Task.CompletedTask;

        public AskOutcome? Last { get; set; }

        public bool HasLeft { get; set; }
    }
}
