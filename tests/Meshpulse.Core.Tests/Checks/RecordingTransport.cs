using Meshpulse.Core.Checks;
using Meshpulse.Core.Probing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Tests.Checks;

/// <summary>A network that keeps what it is given.</summary>
internal sealed class RecordingTransport : ICheckTransport
{
    private int _lastChannel;

    public Dictionary<int, ProbeChannel> Channels { get; } = [];

    public List<(int Channel, NodeEndpoint Target, byte[] Payload)> Sent { get; } = [];

    public Dictionary<int, NodeEndpoint> Connecting { get; } = [];

    public List<int> Fetched { get; } = [];

    /// <summary>What every send comes to.</summary>
    public ProbeSend Outcome { get; set; }

    public int Open(ProbeChannel channel)
    {
        Channels.Add(++_lastChannel, channel);
        return _lastChannel;
    }

    public void Close(int channel) => Assert.True(Channels.Remove(channel));

    public ProbeSend Send(int channel, NodeEndpoint target, ulong sequence, ReadOnlySpan<byte> payload)
    {
        Assert.Contains(channel, Channels.Keys);
        if (Outcome == ProbeSend.Sent)
        {
            Sent.Add((channel, target, payload.ToArray()));
        }

        return Outcome;
    }

    public ProbeSend Connect(int attempt, NodeEndpoint target, int dscp)
    {
        if (Outcome == ProbeSend.Sent)
        {
            Connecting.Add(attempt, target);
        }

        return Outcome;
    }

    public void Abandon(int attempt) => Assert.True(Connecting.Remove(attempt));

    public ProbeSend Fetch(int probe)
    {
        Fetched.Add(probe);
        return Outcome;
    }
}
