using Meshpulse.Core.Probing;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Bench.Stamp;

/// <summary>A network of paths that takes everything and remembers it until it is answered.</summary>
internal sealed class QueuedPaths : IPathTransport
{
    private readonly Queue<Packet> _sent = new(1024);
    private readonly Stack<byte[]> _free = [];

    public ProbeSend Open(int number, PathChannel channel, out int sourcePort)
    {
        sourcePort = 40_000 + number;
        return ProbeSend.Sent;
    }

    public void Close(int number)
    {
    }

    public ProbeSend Send(int channel, NodeEndpoint target, ReadOnlySpan<byte> payload, ulong? cookie)
    {
        if (!_free.TryPop(out var bytes))
        {
            bytes = new byte[payload.Length];
        }

        payload.CopyTo(bytes);
        _sent.Enqueue(new Packet(channel, target, bytes, cookie));
        return ProbeSend.Sent;
    }

    public uint DropsOf(int channel) => 0;

    public bool TryTake(out Packet packet) => _sent.TryDequeue(out packet);

    /// <summary>The packet's bytes may be used again.</summary>
    public void GiveBack(in Packet packet) => _free.Push(packet.Bytes);

    internal readonly record struct Packet(int Channel, NodeEndpoint Target, byte[] Bytes, ulong? Cookie);
}
