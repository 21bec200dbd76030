using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Probing.Paths;

/// <summary>One path: its flows and their turns. Belongs to a <see cref="PathNode"/>.</summary>
internal sealed class PathProbe
{
    /// <summary>How long after its timeout a reply is still known as late.</summary>
    public static readonly Duration Memory = Duration.FromSeconds(2);

    private readonly PathFlow[] _flows;
    private readonly MonoTime[] _expiries;
    private readonly Dictionary<int, StampForm> _forms = [];
    private long _turns;
    private bool _isCounting;

    public PathProbe(int id, PathSettings settings, NodeEndpoint? target)
    {
        (Id, Settings, Target) = (id, settings, target);
        _flows = new PathFlow[settings.AllFlows];
        _expiries = new MonoTime[settings.AllFlows];
        IsProven = settings.TrialInterval is null;
        Form = FormOf(settings.Payload);
        var smallest = settings.Payload + OverheadOf(target);
        Search = settings.LargestPacket is { } largest ? new PathSearch(new MtuSearch(smallest, Math.Max(largest, smallest))) : null;
    }

    public int Id { get; }

    public PathSettings Settings { get; }

    public NodeEndpoint? Target { get; set; }

    /// <summary>What its packets look like.</summary>
    public StampForm Form { get; }

    public SendSchedule Schedule { get; set; }

    /// <summary>The target is known to speak STAMP: its silence is loss.</summary>
    public bool IsProven { get; set; }

    /// <summary>When one of its probes was answered last.</summary>
    public MonoTime LastAnswer { get; set; }

    /// <summary>When the first probe was sent of those that none answered has followed; null where an answer came after the last one.</summary>
    public MonoTime? SilentSince { get; set; }

    /// <summary>When its last window ended.</summary>
    public MonoTime CutAt { get; set; }

    /// <summary>The flows; those of a path without an address have no channel.</summary>
    public ReadOnlySpan<PathFlow> Flows => _flows;

    /// <summary>The last second's flows without a socket were told.</summary>
    public bool HasGap { get; set; }

    /// <summary>The search for the path's MTU; null where nobody asked for it.</summary>
    public PathSearch? Search { get; }

    /// <summary>
    /// No request of the flow is lost before. They are kept side by side: until then a probe looks at the flow whose turn it is and not at all of
    /// them, which would take as much as all else together, since what belongs to the others has left the cache meanwhile.
    /// </summary>
    public Span<MonoTime> Expiries => _expiries;

    /// <summary>The earliest of them.</summary>
    public MonoTime NextExpiry { get; set; }

    public void SetFlow(int index, PathFlow flow)
    {
        _flows[index] = flow;
        _isCounting = false;
    }

    /// <summary>A method, as a property would hand out a copy of the schedule.</summary>
    public bool TryTake(MonoTime now, out SendSlot slot)
    {
        var schedule = Schedule;
        var taken = schedule.TryTake(now, out slot);
        Schedule = schedule;
        return taken;
    }

    /// <summary>The flow whose turn it is; turns that were skipped are its predecessors' unsent packets.</summary>
    public PathFlow NextFlow(long skipped)
    {
        var each = (uint)(skipped / _flows.Length);
        var more = skipped % _flows.Length;
        for (var i = 0; skipped > 0 && i < _flows.Length; i++)
        {
            _flows[(int)((_turns + i) % _flows.Length)].Unsent += each + (i < more ? 1u : 0);
        }

        _turns += skipped;
        return _flows[(int)(_turns++ % _flows.Length)];
    }

    /// <summary>How many flows have no socket now.</summary>
    public SocketGap GapAt(MonoTime now)
    {
        var gap = new SocketGap(now, 0, _flows.Length, 0);
        foreach (var flow in _flows)
        {
            if (flow.Channel is { IsOpen: false } channel)
            {
                gap = gap with { Missing = gap.Missing + 1, Error = channel.Opened.Error };
            }
        }

        return gap;
    }

    /// <summary>A new session for a flow.</summary>
    public StampSession NewSession() => new(Settings.Interval * Settings.AllFlows, Settings.Timeout, Memory);

    /// <summary>What packets of a size look like; made once for each of the few sizes that are tried.</summary>
    public StampForm FormOf(int payload)
    {
        if (!_forms.TryGetValue(payload, out var form))
        {
            form = StampForm.Stamp(Settings.Keys, payload, Settings.ErrorEstimate);
            _forms.Add(payload, form);
        }

        return form;
    }

    /// <summary>Bytes of the headers around a UDP payload.</summary>
    public static int OverheadOf(NodeEndpoint? target) => target?.IsV6 == true ? 48 : 28;

    /// <summary>That the target counts its replies is true of all flows as soon as one has seen it.</summary>
    public void NoteCounting()
    {
        if (_isCounting)
        {
            return;
        }

        _isCounting = true;
        foreach (var flow in _flows)
        {
            flow.Session.NoteKind(ReflectorKind.Stateful);
        }
    }
}
