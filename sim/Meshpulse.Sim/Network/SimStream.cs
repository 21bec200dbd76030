using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Sim.Network;

/// <summary>One direction of a connection: bytes that arrive whole, in order, late, or never.</summary>
public sealed class SimStream(SimNetwork network, NodeEndpoint to, NodeEndpoint from)
{
    private readonly Queue<byte[]> _held = [];
    private MonoTime _lastArrival;

    internal NodeEndpoint From => from;

    internal NodeEndpoint To => to;

    internal ISimHost Owner { get; set; } = null!;

    internal SimSocket Reader { get; set; } = null!;

    /// <summary>Sends bytes; null says that the sender closed.</summary>
    public void Send(byte[]? bytes)
    {
        if (network.IsCut(from, to) || _held.Count > 0)
        {
            _held.Enqueue(bytes ?? []);
            network.Stall(this);
            return;
        }

        Transfer(bytes ?? []);
    }

    internal void Flush()
    {
        while (_held.TryDequeue(out var bytes))
        {
            Transfer(bytes);
        }
    }

    private void Transfer(byte[] bytes)
    {
        var arrival = network.Clock.Now + network.Transit();
        arrival = arrival < _lastArrival ? _lastArrival : arrival;
        _lastArrival = arrival;
        network.Clock.At(arrival, () =>
        {
            Reader.Arrive(bytes, network.Clock.Now);
            Owner.Readable(Reader);
        });
    }
}
