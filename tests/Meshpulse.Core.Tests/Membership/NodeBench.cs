using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Heartbeat;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Tests.Membership;

/// <summary>A node on a network that the test plays, under a clock that the test moves.</summary>
internal sealed class NodeBench
{
    public NodeBench(MeshOptions? options = null, ulong seed = 1)
    {
        Options = options ?? Nodes.Options;
        Node = new MeshNode(Options, Transport, Observer, new SplitMix64(seed), Now);
    }

    public MeshOptions Options { get; }

    public FakeTransport Transport { get; } = new();

    public RecordingObserver Observer { get; } = new();

    public MeshNode Node { get; }

    public MonoTime Mono { get; private set; } = Nodes.At(5_000);

    /// <summary>The wall clock against the monotonic one.</summary>
    public Duration WallOffset { get; set; } = Duration.FromSeconds(1_700_000_000);

    public ClockPairing Now => new(Mono, new WallTime(Mono.Nanoseconds) + WallOffset);

    public static byte[] Hello(NodeEndpoint identity)
    {
        var frame = new byte[HeartbeatWire.MaxFrame];
        return frame[..HeartbeatWire.WriteHello(frame, identity)];
    }

    public static byte[] Ping(long stamp, params ReadOnlySpan<NodeEndpoint> list)
    {
        var frame = new byte[HeartbeatWire.MaxFrame];
        var length = HeartbeatWire.WritePing(frame, stamp);
        foreach (var node in list)
        {
            length = HeartbeatWire.AppendEntry(frame, length, node);
        }

        return frame[..length];
    }

    public static List<NodeEndpoint> ListOf(byte[] ping)
    {
        Assert.Equal(FrameError.None, HeartbeatWire.ReadPing(ping.AsSpan(4), out var view));
        var list = new List<NodeEndpoint>();
        foreach (var node in view)
        {
            list.Add(node);
        }

        return list;
    }

    /// <summary>Steps the wall clock to a moment.</summary>
    public void SetWall(long microseconds) => WallOffset = WallTime.FromMicroseconds(microseconds) - new WallTime(Mono.Nanoseconds);

    public byte[] Ping(params ReadOnlySpan<NodeEndpoint> list) => Ping(Now.Wall.Microseconds, list);

    public void Advance(Duration span) => Mono += span;

    /// <summary>A whole turn at the present moment.</summary>
    public void Turn()
    {
        Node.OnWoke(Mono, Now);
        Node.Poll(Now);
        while (Node.TrySendNext(Now))
        {
        }
    }

    /// <summary>Punctual turns until a moment.</summary>
    public void RunFor(Duration span, Action? eachTurn = null)
    {
        var end = Mono + span;
        if (Node.NextWake <= Mono)
        {
            Turn();
        }

        while (Mono < end)
        {
            Assert.True(Node.NextWake > Mono, "the node would spin");
            Mono = MonoTime.Min(end, Node.NextWake);
            eachTurn?.Invoke();
            Turn();
        }
    }

    public int Accept(NodeEndpoint remote)
    {
        var id = Node.OnAccepted(remote, Options.Self, Now);
        if (id >= 0)
        {
            Assert.True(Transport.Open.Add(id), $"number {id} was given twice");
        }

        return id;
    }

    public void Receive(int id, params byte[] data) => Node.OnReceived(id, data, new ReadMoment(Mono, Mono, Now.Wall, StampSource.User), Now);

    /// <summary>Somebody calls, says who it is, and sends a first heartbeat.</summary>
    public int Join(NodeEndpoint identity)
    {
        var id = Accept(identity.WithPort(40_000));
        Assert.True(id >= 0);
        Receive(id, Hello(identity));
        Receive(id, Ping());
        return id;
    }
}
