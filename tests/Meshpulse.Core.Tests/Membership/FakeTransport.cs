using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Tests.Membership;

/// <summary>Records what a node asks of the network. Nothing happens by itself: the test plays the network.</summary>
internal sealed class FakeTransport : IMeshTransport
{
    /// <summary>Calls under way and connections that were not closed.</summary>
    public HashSet<int> Open { get; } = [];

    public List<(int Connection, NodeEndpoint Remote)> Dials { get; } = [];

    public List<(int Connection, byte[] Frame)> Frames { get; } = [];

    public List<(int Connection, bool Abort)> Closed { get; } = [];

    public List<(int Server, string Host)> Lookups { get; } = [];

    /// <summary>What becomes of a frame on a connection.</summary>
    public Func<int, SendOutcome> Answer { get; set; } = _ => SendOutcome.Sent;

    public bool KeepsFrames { get; set; } = true;

    public IEnumerable<byte[]> FramesOf(int connection) => Frames.Where(f => f.Connection == connection).Select(f => f.Frame);

    public void Dial(int connection, NodeEndpoint remote)
    {
        Assert.True(Open.Add(connection), $"number {connection} was given twice");
        Dials.Add((connection, remote));
    }

    public SendOutcome Send(int connection, ReadOnlySpan<byte> frame)
    {
        Assert.Contains(connection, Open);
        var outcome = Answer(connection);
        if (outcome == SendOutcome.Sent && KeepsFrames)
        {
            Frames.Add((connection, frame.ToArray()));
        }

        return outcome;
    }

    public void Close(int connection, bool abort)
    {
        Assert.True(Open.Remove(connection), $"number {connection} was closed twice");
        Closed.Add((connection, abort));
    }

    public void Resolve(int server, string host) => Lookups.Add((server, host));

    public bool TryGetInfo(int connection, out TransportInfo info)
    {
        Assert.Contains(connection, Open);
        info = default;
        return false;
    }
}
