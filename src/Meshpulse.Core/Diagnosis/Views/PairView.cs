using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Views;

/// <summary>
/// What one node, the observer, has lately seen of another, the subject: the last slices, and what is usual. All that is known of packets from
/// the subject to the observer is here, and half of what is known of the other direction.
/// </summary>
internal sealed class PairView(string observer, string subject)
{
    /// <summary>As many slices are kept: four seconds of them.</summary>
    public const int Kept = 16;

    // Of a first second nothing is learned: connections begin, clocks are compared.
    private const int Settling = 4;

    private const int MaxFlows = 256;

    private static readonly Duration s_flowMemory = Duration.FromSeconds(60);
    private static readonly Duration s_pause = Duration.FromMilliseconds(150);

    private readonly Queue<Sight> _sights = new(Kept);
    private Baseline _forward;
    private Baseline _backward;
    private Baseline _roundTrip;
    private Baseline _forwardSpread;
    private Baseline _backwardSpread;
    private readonly Dictionary<int, long> _unanswered = [];
    private readonly Dictionary<int, MonoTime> _requested = [];
    private int _settled;
    private MonoTime _countedFrom = new(long.MinValue / 2);

    public string Observer { get; } = observer;

    public string Subject { get; } = subject;

    /// <summary>The last slices, oldest first.</summary>
    public IReadOnlyCollection<Sight> Sights => _sights;

    /// <summary>The last one; null before the first.</summary>
    public Sight? Last { get; private set; }

    /// <summary>The delay from the observer to the subject.</summary>
    public Baseline Forward => _forward;

    /// <summary>The delay back.</summary>
    public Baseline Backward => _backward;

    /// <summary>The round trip, for which no clock is compared.</summary>
    public Baseline RoundTrip => _roundTrip;

    /// <summary>The observer has probed the path to the subject at some time.</summary>
    public bool HasHadPath { get; private set; }

    /// <summary>How far the slowest packet of a slice is usually behind the middle one, there.</summary>
    public Baseline ForwardSpread => _forwardSpread;

    /// <summary>The same on the way back.</summary>
    public Baseline BackwardSpread => _backwardSpread;

    /// <summary>The clocks' difference, of late.</summary>
    public OffsetHistory Offsets { get; } = new();

    /// <summary>The end of the last slice that tells of a step of a clock; null before the first.</summary>
    public MonoTime? LastStep { get; private set; }

    /// <summary>When the hop limit of packets to the subject changed last; null for never.</summary>
    public MonoTime? ForwardRouteChanged { get; private set; }

    /// <summary>When that of packets from the subject did.</summary>
    public MonoTime? BackwardRouteChanged { get; private set; }

    /// <summary>When the last connection to the subject ended, and why; null while one stands.</summary>
    public (MonoTime At, CloseReason Why)? Ended { get; private set; }

    /// <summary>Why calls fail since then; null where none has.</summary>
    public DialFailure? CallFailed { get; private set; }

    /// <summary>When the subject was first heard of.</summary>
    public MonoTime Since { get; private set; }

    /// <summary>What TCP said last of the connection, in a gap that still lasts; null where none does, or nothing was said.</summary>
    public TransportInfo? OpenTransport { get; private set; }

    /// <summary>When something last was not as usual, however little: who judges can pass over pairs without trouble.</summary>
    public MonoTime LastTrouble { get; private set; } = new(long.MinValue / 2);

    /// <summary>
    /// When a flow, or all of them, last had five packets in a row unanswered. What is lost then is decided, and gets its direction, once it ends: for a moment it
    /// looks like loss at random.
    /// </summary>
    public MonoTime LastDead { get; private set; } = new(long.MinValue / 2);

    /// <summary>
    /// How long none of the subject's requests has reached the observer's reflector, by its last slice, to a slice's length; null where it never told of one, or does not
    /// count them now.
    /// </summary>
    public Duration? WithoutRequests => Last is { Peer.Requests: not null } last && LastRequest is { } at ? last.Until - at : null;

    /// <summary>The end of the last slice in which a request came; null before the first.</summary>
    public MonoTime? LastRequest { get; private set; }

    /// <summary>
    /// The subject's flows, by source port, of which no request has come for so long while most of the others go on: its own word on what it sends is not needed for
    /// that. Those that had stopped before the newest flow began, or all paused, do not count: a path that is begun anew has other ports.
    /// </summary>
    public IReadOnlyList<int> StoppedFlows(Duration after)
    {
        if (Last is not { Peer.Requests: not null } last)
        {
            return [];
        }

        var flows = _requested.Where(r => r.Value >= _countedFrom).ToList();
        // Where all have ended, some did so a slice before others.
        return flows.Count(r => last.Until - r.Value < after / 2) * 2 <= flows.Count ? []
            : [.. flows.Where(r => last.Until - r.Value >= after).Select(r => r.Key).Order()];
    }

    /// <summary>Takes the next slice.</summary>
    public void Take(in Sight sight)
    {
        var before = Last?.Peer;
        if (IsTrouble(sight.Peer))
        {
            LastTrouble = sight.Until;
        }

        if (before is null)
        {
            Since = sight.From;
        }

        Last = sight;
        _sights.Enqueue(sight);
        if (_sights.Count > Kept)
        {
            _ = _sights.Dequeue();
        }

        TakeConnection(sight);
        TakeRequests(sight);
        if (sight.Peer.Path is { } path)
        {
            HasHadPath = true;
            LastStep = path.Step is null ? LastStep : sight.Until;
            TakePath(path, before?.Path, sight.Until);
        }
    }

    /// <summary>The slices that reach into a time, oldest first.</summary>
    public IEnumerable<Sight> After(MonoTime from) => _sights.Where(s => s.Until > from);

    /// <summary>For how long the observer has not heard the subject, by its last slice: from the last heartbeat to the slice's end.</summary>
    public Duration Silence => Last is not { } last ? Duration.Zero
        : Ended is { } ended ? Duration.Max(last.Peer.Silence, last.Until - ended.At)
        : last.Peer.Silence;

    /// <summary>When the observer heard the subject last.</summary>
    public MonoTime SilentSince => (Last?.Until ?? default) - Silence;

    /// <summary>Lets the slices go but the last: nothing asks for them once they are older than a few seconds, and in a large mesh most pairs are seen now and then only.</summary>
    public void LetSlicesGo()
    {
        _sights.Clear();
        _sights.TrimExcess();
    }

    private void TakeConnection(in Sight sight)
    {
        if (sight.Peer.Ended is { } why)
        {
            Ended = (Ended?.At ?? sight.Until, why);
        }

        if (sight.Peer.IsConnected)
        {
            (Ended, CallFailed) = (null, null);
        }

        CallFailed = sight.Peer.CallFailed ?? CallFailed;
        var open = sight.Peer.Gaps.LastOrDefault(g => !g.HasEnded);
        OpenTransport = open.Length > Duration.Zero ? open.Transport ?? OpenTransport : null;
    }

    private void TakeRequests(in Sight sight)
    {
        var (isFirst, countedFrom) = (true, _countedFrom);
        foreach (var request in sight.Peer.Requests ?? [])
        {
            if (request.Received == 0)
            {
                continue;
            }

            // Behind a pause of all of them they come again one by one, and new ones do as well.
            if (!_requested.ContainsKey(request.SourcePort) || (isFirst && sight.From - LastRequest > s_pause))
            {
                _countedFrom = sight.Until;
            }

            (LastRequest, isFirst) = (sight.Until, false);
            if (_requested.Count < MaxFlows || _requested.ContainsKey(request.SourcePort))
            {
                _requested[request.SourcePort] = sight.Until;
            }
        }

        if (_countedFrom == countedFrom)
        {
            // Nothing has become older than before.
            return;
        }

        foreach (var gone in _requested.Where(r => r.Value + s_flowMemory < _countedFrom).Select(r => r.Key).ToList())
        {
            _ = _requested.Remove(gone);
        }
    }

    private void TakePath(PathSlice path, PathSlice? before, MonoTime at)
    {
        if (path.Counts.Answered > 0 && _settled < Settling)
        {
            _settled++;
            return;
        }

        TakeFlows(path, at);
        Learn(ref _forward, ref _forwardSpread, path.Forward);
        Learn(ref _backward, ref _backwardSpread, path.Backward);
        if (path.RoundTrip is { } roundTrip)
        {
            _roundTrip.Take(roundTrip.Median);
        }

        if (before is not null)
        {
            ForwardRouteChanged = Changed(path.ForwardHopLimit, before.ForwardHopLimit, ForwardRouteChanged, at);
            BackwardRouteChanged = Changed(path.BackwardHopLimit, before.BackwardHopLimit, BackwardRouteChanged, at);
        }

        if (path.Step is not null)
        {
            Offsets.Clear();
        }

        if (path.Offset is { IsBounded: true, IsContradiction: false })
        {
            Offsets.Take(at, path.Offset);
        }
    }

    private void TakeFlows(PathSlice path, MonoTime at)
    {
        var dead = path.Silence >= Duration.FromMilliseconds(250);
        foreach (var flow in path.Flows)
        {
            var row = flow.Answered > 0 ? 0 : _unanswered.GetValueOrDefault(flow.SourcePort) + flow.Sent;
            dead |= row >= 5;
            _unanswered[flow.SourcePort] = row;
        }

        if (_unanswered.Count > MaxFlows)
        {
            _unanswered.Clear();
        }

        LastDead = dead ? at : LastDead;
    }

    private static void Learn(ref Baseline level, ref Baseline spread, DelaySlice? delay)
    {
        if (delay is { } seen)
        {
            level.Take(seen.Median);
            spread.Take(seen.P99 - seen.Min);
        }
    }

    private bool IsTrouble(PeerSlice peer)
    {
        var little = Duration.FromMicroseconds(500);
        return peer.Silence >= Duration.FromMilliseconds(100) || !peer.IsConnected || (peer.Path is { } path
            && (path.Counts.Lost != 0 || path.Counts.Duplicates + path.Counts.Reordered + path.Counts.Corrupted > 0
                || path.Silence >= Duration.FromMilliseconds(100) || path.Step is not null || path.Mtu.Failing is not null
                || path.Flows.Any(f => f.Sent > 0 && f.Answered == 0)
                || path.ForwardHopLimit.Changes + path.BackwardHopLimit.Changes > 0
                || (path.Forward is { } there && (_forward.IsExceeded(there.Median, little) || _forwardSpread.IsExceeded(there.P99 - there.Min, little)))
                || (path.Backward is { } back && (_backward.IsExceeded(back.Median, little) || _backwardSpread.IsExceeded(back.P99 - back.Min, little)))));
    }

    /// <summary>A change counts where the value stayed before: over paths of different lengths it changes with each packet.</summary>
    private static MonoTime? Changed(SeenField now, SeenField before, MonoTime? last, MonoTime at) =>
        now.Changes > before.Changes && now.Changes - before.Changes <= 8 && now.Last != before.Last && now.Last is not null && before.Last is not null
            ? at
            : last;
}
