using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Hosting;

/// <summary>Everything that is kept of one peer. Belongs to the collector; outlives the peer's connections.</summary>
internal sealed class PeerSeries(NodeEndpoint node)
{
    public NodeEndpoint Node { get; } = node;

    public bool IsConnected { get; set; }

    /// <summary>When it left; only of use while it is not connected.</summary>
    public MonoTime LeftAt { get; set; }

    public Measurement Receive { get; } = new();

    public Measurement Delta { get; } = new();

    public Measurement Send { get; } = new();

    /// <summary>The signed delta's extremes in the window; null where nothing came. The seed's table shows sizes only.</summary>
    public (Duration Min, Duration Max)? SignedDelta { get; private set; }

    /// <summary>The extremes of the window before.</summary>
    public (Duration Min, Duration Max)? LastSignedDelta { get; private set; }

    public MonoTime LastHeard { get; set; }

    public long Stamped { get; set; }

    public long Bunched { get; set; }

    public long Reconstructed { get; set; }

    public long Received => Stamped + Bunched + Reconstructed;

    public long Sent { get; set; }

    public long Late { get; set; }

    public long UnsentLate { get; set; }

    public long UnsentBackpressure { get; set; }

    public long Gaps { get; set; }

    public long Connects { get; set; }

    public void TakeDelta(Duration delta)
    {
        Delta.Record(delta.Abs());
        SignedDelta = SignedDelta is { } seen ? (Duration.Min(seen.Min, delta), Duration.Max(seen.Max, delta)) : (delta, delta);
    }

    /// <summary>Ends the report window.</summary>
    public PeerReport CloseWindow(string label, MonoTime now)
    {
        (LastSignedDelta, SignedDelta) = (SignedDelta, null);
        return new PeerReport(Node, label, Receive.CloseWindow(), Delta.CloseWindow(), Send.CloseWindow(), now - LastHeard);
    }
}
