using Meshpulse.Core.Time;

namespace Meshpulse.Lab.Switching;

/// <summary>What a wire does to frames in one direction. The default value does nothing.</summary>
internal sealed record Fault
{
    /// <summary>Which frames it is about; only these are numbered for its picks. Called on the switch's thread.</summary>
    public Func<FrameView, bool> Of { get; init; } = _ => true;

    /// <summary>
    /// Frames that vanish. <see cref="Pick.All"/> is a black hole, <see cref="Pick.LongerThan"/> a path with a smaller MTU that does not say so.
    /// </summary>
    public Pick Drop { get; init; } = Pick.None;

    /// <summary>Frames that arrive twice, one behind the other.</summary>
    public Pick Duplicate { get; init; } = Pick.None;

    /// <summary>What the wire carries, in bits of packets without Ethernet's header a second, one after the other; 0 for any number at once.</summary>
    public long BitsPerSecond { get; init; }

    /// <summary>Of those that wait for the wire; what would wait for longer vanishes.</summary>
    public Duration Queue { get; init; }

    /// <summary>How long each is under way.</summary>
    public Duration Delay { get; init; }

    /// <summary>Up to this much more, evenly distributed; the order stays, unless <see cref="Overtakes"/>.</summary>
    public Duration Jitter { get; init; }

    /// <summary>Jitter lets frames overtake one another.</summary>
    public bool Overtakes { get; init; }

    /// <summary>Frames that are held up by <see cref="HoldFor"/>, so that those behind overtake them.</summary>
    public Pick Hold { get; init; } = Pick.None;

    /// <summary>How long.</summary>
    public Duration HoldFor { get; init; }

    /// <summary>The DSCP that packets leave with, 0 to 63; null for their own.</summary>
    public int? Dscp { get; init; }

    /// <summary>Of the jitter.</summary>
    public ulong Seed { get; init; }

    /// <summary>A fault of the UDP packets to and from a port alone; neighbour discovery and all else passes.</summary>
    public static Fault OfPort(int port) => new() { Of = frame => frame.IsOf(port) };
}
