using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Diagnosis.Slices;

/// <summary>What was told of one peer since the last cut. Belongs to a <see cref="SliceRecorder"/>.</summary>
internal sealed class PeerRecord(MonoTime known)
{
    private const int MaxFlows = 64;

    private readonly List<GapSlice> _gaps = [];
    private readonly Dictionary<int, uint> _requests = [];
    private readonly Dictionary<int, uint> _requestsBefore = [];
    private GapSlice? _open;
    private long _received;

    public NodeEndpoint Node { get; private set; }

    /// <summary>It has a name: before, nothing is told of it.</summary>
    public bool HasJoined { get; private set; }

    public bool IsConnected { get; private set; }

    /// <summary>When the last heartbeat came; when it became known, before the first.</summary>
    public MonoTime LastHeard { get; private set; } = known;

    public long Sent { get; set; }

    public long Unsent { get; set; }

    public CloseReason? Ended { get; set; }

    public DialFailure? CallFailed { get; set; }

    public PathRecord? Path { get; set; }

    public bool HasNews => _open is not null || _gaps.Count > 0 || Ended is not null || CallFailed is not null;

    public void OnJoined(NodeEndpoint node) => (Node, HasJoined, IsConnected) = (node, true, true);

    public void OnLeft(CloseReason reason) => (Ended, IsConnected) = (reason, false);

    public void OnReceived(MonoTime at)
    {
        _received++;
        if (_open is { } open)
        {
            // It may come by another connection, which knows nothing of the gap.
            Keep(open with { Length = at - open.From, HasEnded = true });
            _open = null;
        }

        LastHeard = at > LastHeard ? at : LastHeard;
    }

    public void OnGap(ReceiveGap gap)
    {
        var told = new GapSlice(gap.Start, gap.Length, gap.OwnStall, gap.Ended, gap.Path);
        if (gap.Ended)
        {
            Keep(told);
            _open = _open?.From <= gap.Start ? null : _open;
        }
        else
        {
            _open = told with { OwnStall = Duration.Max(told.OwnStall, _open?.OwnStall ?? Duration.Zero) };
        }
    }

    /// <summary>Our own thread did not run: what of that lies in the open gap is not the peer's.</summary>
    public void OnOwnStall(MonoTime until, Duration length)
    {
        if (_open is { } open)
        {
            _open = open with { OwnStall = Duration.Max(open.OwnStall, Duration.Min(length, until - open.From)) };
        }
    }

    /// <summary>What the slice says of it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="lookedAt">The last look of the probing thread of which all is told.</param>
    /// <param name="countsRequests">The requests that reach our reflector are counted.</param>
    /// <param name="notice">What it has told us of itself, last; null for nothing.</param>
    public PeerSlice Cut(string name, MonoTime lookedAt, bool countsRequests, PeerNotice? notice) => new(name)
    {
        IsConnected = IsConnected,
        Notice = IsConnected ? null : notice,
        Received = _received,
        Sent = Sent,
        Unsent = Unsent,
        Silence = Duration.Max(Duration.Zero, lookedAt - LastHeard),
        Gaps = CutGaps(lookedAt),
        Ended = Ended,
        CallFailed = CallFailed,
        Path = Path?.Cut(),
        Requests = countsRequests ? CutRequests() : null,
    };

    /// <summary>Sessions of one port, one after the other or of several ids, are one flow.</summary>
    public void OnRequests(int port, uint received)
    {
        if (_requests.Count < MaxFlows || _requests.ContainsKey(port))
        {
            _requests[port] = _requests.GetValueOrDefault(port) + received;
        }
    }

    /// <summary>The next slice begins.</summary>
    public void Begin()
    {
        (_received, Sent, Unsent, Ended, CallFailed) = (0, 0, 0, null, null);
        _gaps.Clear();
    }

    private List<FlowRequests> CutRequests()
    {
        var cut = new List<FlowRequests>();
        foreach (var (port, received) in _requests)
        {
            // A flow that is new, or whose sessions were forgotten meanwhile, begins anew.
            var before = _requestsBefore.GetValueOrDefault(port);
            var more = received >= before ? received - before : received;
            if (more > 0)
            {
                cut.Add(new FlowRequests(port, more));
            }

            _requestsBefore[port] = received;
        }

        if (_requestsBefore.Count > MaxFlows)
        {
            _requestsBefore.Clear();
        }

        _requests.Clear();
        return cut;
    }

    private GapSlice[] CutGaps(MonoTime lookedAt)
    {
        if (_open is { } open)
        {
            _open = open with { Length = Duration.Max(open.Length, lookedAt - open.From) };
        }

        return _open is { } lasting ? [.. _gaps.Take(SliceRecorder.MaxGaps - 1), lasting] : [.. _gaps];
    }

    /// <summary>Keeps the longest, in order. One that was ended by its heartbeat is told again with all that is known of it.</summary>
    private void Keep(GapSlice gap)
    {
        var same = _gaps.FindIndex(g => g.From == gap.From);
        if (same >= 0)
        {
            _gaps[same] = gap with { OwnStall = Duration.Max(gap.OwnStall, _gaps[same].OwnStall) };
            return;
        }

        if (_gaps.Count == SliceRecorder.MaxGaps)
        {
            var shortest = _gaps.MinBy(g => g.Length);
            if (shortest.Length >= gap.Length)
            {
                return;
            }

            _gaps.Remove(shortest);
        }

        _gaps.Add(gap);
    }
}
