using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Sim.Network;

/// <summary>One end of a connection, with what arrived and was not read: like the kernel it keeps the stamp of the last bytes only.</summary>
public sealed class SimSocket(NodeEndpoint local, NodeEndpoint remote, SimStream incoming, SimStream outgoing)
{
    private readonly List<byte> _unread = [];

    /// <summary>This end.</summary>
    public NodeEndpoint Local { get; } = local;

    /// <summary>The other end.</summary>
    public NodeEndpoint Remote { get; } = remote;

    /// <summary>The direction towards this end.</summary>
    public SimStream Incoming { get; } = incoming;

    /// <summary>True once the other end closed and everything before that was read.</summary>
    public bool IsAtEnd => _ended && _unread.Count == 0;

    /// <summary>True once this end closed.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>When the last of the unread bytes came.</summary>
    public MonoTime LastArrival { get; private set; }

    private bool _ended;

    /// <summary>Sends; nothing happens on a closed connection.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (!IsClosed)
        {
            outgoing.Send(bytes.ToArray());
        }
    }

    /// <summary>Closes this end; the other is told when the word gets there.</summary>
    public void Close()
    {
        if (!IsClosed)
        {
            IsClosed = true;
            outgoing.Send(null);
        }
    }

    /// <summary>Takes what has arrived.</summary>
    public byte[] Read()
    {
        var bytes = _unread.ToArray();
        _unread.Clear();
        return bytes;
    }

    internal void Arrive(byte[] bytes, MonoTime at)
    {
        if (bytes.Length == 0)
        {
            _ended = true;
            return;
        }

        _unread.AddRange(bytes);
        LastArrival = at;
    }
}
