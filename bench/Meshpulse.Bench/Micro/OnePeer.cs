using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Heartbeat;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Bench.Micro;

/// <summary>A node with one peer and no network, whose time moves by an interval a turn.</summary>
internal sealed class OnePeer
{
    private static readonly Duration s_interval = Duration.FromMilliseconds(5);

    private readonly ProbeOutbox _outbox = new();
    private readonly MeshNode _node;
    private readonly byte[] _frame = new byte[HeartbeatWire.MaxFrame];
    private readonly int _connection;
    private ClockPairing _now = new(new MonoTime(1_000_000_000), new WallTime(1_700_000_000_000_000_000));

    public OnePeer()
    {
        var self = Endpoint("127.0.0.1:12222");
        _node = new MeshNode(new MeshOptions { Self = self }, new NullTransport(), _outbox, new SplitMix64(1), _now);
        var peer = Endpoint("127.0.0.2:12222");
        _connection = _node.OnAccepted(peer, self, _now);
        Deliver(HeartbeatWire.WriteHello(_frame, peer));
    }

    /// <summary>A heartbeat comes, an interval after the one before.</summary>
    public void Receive()
    {
        Pass();
        Deliver(HeartbeatWire.WritePing(_frame, _now.Wall.Microseconds));
        Drain();
    }

    /// <summary>The node's own heartbeat is due.</summary>
    public void Send()
    {
        Pass();
        while (_node.TrySendNext(_now))
        {
        }

        Drain();
    }

    private static NodeEndpoint Endpoint(string text) => NodeEndpoint.TryParse(text, out var endpoint) ? endpoint : default;

    private void Pass() => _now = new ClockPairing(_now.Mono + s_interval, _now.Wall + s_interval);

    private void Deliver(int length)
    {
        var moment = new ReadMoment(_now.Mono - s_interval, _now.Mono, _now.Wall, StampSource.Kernel);
        _node.OnReceived(_connection, _frame.AsSpan(0, length), moment, _now);
    }

    private void Drain()
    {
        while (_outbox.Samples.TryRead(out _))
        {
        }
    }
}
