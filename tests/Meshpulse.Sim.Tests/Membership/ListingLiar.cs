using Meshpulse.Core.Membership;
using Meshpulse.Core.Time;
using Meshpulse.Sim.Network;
using Meshpulse.Wire.Heartbeat;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Sim.Tests.Membership;

/// <summary>A peer that lists 144 other addresses in each of its heartbeats; none of them exists.</summary>
internal sealed class ListingLiar : ISimHost
{
    private readonly SimMesh _mesh;
    private SimSocket? _socket;
    private uint _next;

    public ListingLiar(SimMesh mesh, NodeEndpoint self)
    {
        _mesh = mesh;
        mesh.Network.Dial(this, 0, self, mesh.Ours[0].Self);
        Self = self;
    }

    public NodeEndpoint Self { get; }

    public long Entries { get; private set; }

    public void Accepted(SimSocket socket) => socket.Close();

    public void Connected(int connection, SimSocket socket)
    {
        _socket = socket;
        var frame = new byte[HeartbeatWire.MaxFrame];
        socket.Send(frame.AsSpan(0, HeartbeatWire.WriteHello(frame, Self)));
        Beat();
    }

    public void DialFailed(int connection, DialFailure failure) => throw new InvalidOperationException();

    public void Readable(SimSocket socket) => socket.Read();

    private void Beat()
    {
        var frame = new byte[HeartbeatWire.MaxFrame];
        var length = HeartbeatWire.WritePing(frame, 1);
        for (var i = 0; i < 144; i++)
        {
            _next++;
            length = HeartbeatWire.AppendEntry(frame, length, NodeEndpoint.FromBytes([10, 9, (byte)(_next >> 8), (byte)_next], 12222));
            Entries++;
        }

        _socket!.Send(frame.AsSpan(0, length));
        _mesh.Clock.After(Duration.FromMilliseconds(20), Beat);
    }
}
