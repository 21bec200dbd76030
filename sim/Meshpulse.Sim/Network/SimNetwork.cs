using Meshpulse.Core.Membership;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Sim.Network;

/// <summary>
/// A network of reliable byte streams between hosts: calls that take a round trip, refusals where nobody listens, silence
/// where a link is cut (streams stall and go on when it is mended, calls get no answer), resets when a process dies.
/// </summary>
public sealed class SimNetwork(VirtualClock clock, ulong seed)
{
    private readonly Dictionary<NodeEndpoint, ISimHost> _listeners = [];
    private readonly HashSet<(NodeEndpoint, NodeEndpoint)> _cuts = [];
    private readonly List<SimStream> _stalled = [];
    private readonly SplitMix64 _random = new(seed);
    private int _nextPort = 20_000;

    /// <summary>The time.</summary>
    public VirtualClock Clock => clock;

    /// <summary>The delay of every path, one way, before its random part.</summary>
    public Duration Delay { get; set; } = Duration.FromMicroseconds(200);

    /// <summary>The random part of the delay at most.</summary>
    public Duration Jitter { get; set; } = Duration.FromMicroseconds(100);

    /// <summary>A host begins to listen at its identity.</summary>
    public void Listen(NodeEndpoint at, ISimHost host) => _listeners[at] = host;

    /// <summary>Nobody listens there any more.</summary>
    public void StopListening(NodeEndpoint at) => _listeners.Remove(at);

    /// <summary>A free port at an address, for the calling end of a connection.</summary>
    public NodeEndpoint EphemeralPort(NodeEndpoint of) => of.WithPort(_nextPort = _nextPort >= 65_000 ? 20_000 : _nextPort + 1);

    /// <summary>Cuts or mends the link between two hosts, both ways.</summary>
    public void SetCut(NodeEndpoint a, NodeEndpoint b, bool cut)
    {
        var key = Key(a, b);
        if (cut)
        {
            _cuts.Add(key);
            return;
        }

        _cuts.Remove(key);
        foreach (var stream in _stalled.Where(s => !IsCut(s.From, s.To)).ToList())
        {
            _stalled.Remove(stream);
            stream.Flush();
        }
    }

    /// <summary>True while the link between two hosts is cut.</summary>
    public bool IsCut(NodeEndpoint a, NodeEndpoint b) => _cuts.Contains(Key(a, b));

    /// <summary>Calls a node: both ends learn of it after the time that it takes.</summary>
    public void Dial(ISimHost caller, int connection, NodeEndpoint from, NodeEndpoint to)
    {
        if (IsCut(from, to))
        {
            return;
        }

        clock.After(Transit(), () =>
        {
            if (!_listeners.TryGetValue(to, out var listener))
            {
                clock.After(Transit(), () => caller.DialFailed(connection, DialFailure.Refused));
                return;
            }

            var there = new SimStream(this, to, from);
            var back = new SimStream(this, from, to);
            var (mine, theirs) = (new SimSocket(from, to, back, there), new SimSocket(to, from, there, back));
            there.Owner = listener;
            back.Owner = caller;
            there.Reader = theirs;
            back.Reader = mine;
            listener.Accepted(theirs);
            clock.After(Transit(), () => caller.Connected(connection, mine));
        });
    }

    internal Duration Transit() => Delay + new Duration((long)(Jitter.Nanoseconds * _random.NextDouble()));

    internal void Stall(SimStream stream)
    {
        if (!_stalled.Contains(stream))
        {
            _stalled.Add(stream);
        }
    }

    private static (NodeEndpoint, NodeEndpoint) Key(NodeEndpoint a, NodeEndpoint b)
    {
        var (x, y) = (a.WithPort(0), b.WithPort(0));
        return x < y ? (x, y) : (y, x);
    }
}
