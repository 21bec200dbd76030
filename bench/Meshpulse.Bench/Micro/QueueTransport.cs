using Meshpulse.Core.Checks;
using Meshpulse.Core.Probing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Bench.Micro;

/// <summary>A network of checks that takes everything and remembers whom it went to.</summary>
internal sealed class QueueTransport : ICheckTransport
{
    /// <summary>What was sent and not answered.</summary>
    public Queue<(NodeEndpoint Target, ulong Sequence)> Sent { get; } = new(1024);

    public int Open(ProbeChannel channel) => 0;

    public void Close(int channel)
    {
    }

    public ProbeSend Send(int channel, NodeEndpoint target, ulong sequence, ReadOnlySpan<byte> payload)
    {
        Sent.Enqueue((target, sequence));
        return ProbeSend.Sent;
    }

    public ProbeSend Connect(int attempt, NodeEndpoint target, int dscp) => ProbeSend.Sent;

    public void Abandon(int attempt)
    {
    }

    public ProbeSend Fetch(int probe) => ProbeSend.Sent;
}
