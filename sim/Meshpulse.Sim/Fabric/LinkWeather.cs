using Meshpulse.Core.Time;

namespace Meshpulse.Sim.Fabric;

/// <summary>What one direction of one stretch of the network does to packets. Probabilities are from 0 to 1.</summary>
public sealed record LinkWeather
{
    /// <summary>The delay of every packet, before its random part.</summary>
    public Duration Delay { get; init; }

    /// <summary>The random part of the delay at most. It does not reorder: a queue drains in order.</summary>
    public Duration Jitter { get; init; }

    /// <summary>How likely a packet vanishes.</summary>
    public double Loss { get; init; }

    /// <summary>How likely a packet arrives twice.</summary>
    public double Duplication { get; init; }

    /// <summary>How likely a packet is held back, so that later ones overtake it.</summary>
    public double Reordering { get; init; }

    /// <summary>By how much it is held back, from half of this to the whole.</summary>
    public Duration HoldBack { get; init; }

    /// <summary>
    /// How likely a packet is damaged where no checksum notices: by a box on the way that computes a new one. TCP does not get through that in the model: what
    /// is damaged counts as lost there, as its content would not be believed.
    /// </summary>
    public double Damage { get; init; }

    /// <summary>Nothing passes.</summary>
    public bool IsCut { get; init; }

    /// <summary>Larger IP packets vanish without a word; null for no limit.</summary>
    public int? Mtu { get; init; }

    /// <summary>By how much the hop limit falls.</summary>
    public int Hops { get; init; } = 1;

    /// <summary>How many members the bundle has, 1 to 64; a packet's ports choose one.</summary>
    public int Members { get; init; } = 1;

    /// <summary>The members that lose everything, a bit each.</summary>
    public ulong BadMembers { get; init; }

    /// <summary>What others offer to the link, of what it carries. Above 1 its queue grows until it is full, and then it drops.</summary>
    public double Load { get; init; }

    /// <summary>
    /// How often in a second others' packets come at once, each time as many as take <see cref="BurstLength"/> at most to send, a third at least: delay jumps and drains away.
    /// Chance for each packet alone would be no jitter at all, as none can overtake the one that was held up longest.
    /// </summary>
    public double Bursts { get; init; }

    /// <summary>How long a burst takes to send, at most.</summary>
    public Duration BurstLength { get; init; }

    /// <summary>How long the queue is at most.</summary>
    public Duration QueueDepth { get; init; } = Duration.FromMilliseconds(50);
}
