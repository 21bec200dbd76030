using Meshpulse.Core.Time;

namespace Meshpulse.Sim.Network;

/// <summary>What one direction of a path does to datagrams. Probabilities are from 0 to 1.</summary>
public sealed record DatagramFaults
{
    /// <summary>The delay of every datagram, before its random part.</summary>
    public Duration Delay { get; init; } = Duration.FromMicroseconds(200);

    /// <summary>The random part of the delay at most. It does not reorder: a queue drains in order.</summary>
    public Duration Jitter { get; init; }

    /// <summary>How likely a datagram vanishes.</summary>
    public double Loss { get; init; }

    /// <summary>How likely a datagram that does not vanish arrives twice; each copy has a delay of its own.</summary>
    public double Duplication { get; init; }

    /// <summary>How likely a datagram is held back, so that later ones overtake it.</summary>
    public double Reordering { get; init; }

    /// <summary>By how much it is held back.</summary>
    public Duration HoldBack { get; init; } = Duration.FromMilliseconds(5);
}
