using Meshpulse.Core.Time;

namespace Meshpulse.Sim.Fabric;

/// <summary>A packet on its way: what links look at, and what they did to it.</summary>
public struct Packet
{
    /// <summary>When it is where it is.</summary>
    public MonoTime At { get; set; }

    /// <summary>The port that it comes from.</summary>
    public int SourcePort { get; init; }

    /// <summary>The port that it goes to.</summary>
    public int TargetPort { get; init; }

    /// <summary>Bytes of IP packet.</summary>
    public int Length { get; init; }

    /// <summary>TTL or hop limit.</summary>
    public byte HopLimit { get; set; }

    /// <summary>What it holds is not what was sent.</summary>
    public bool IsDamaged { get; set; }

    /// <summary>It arrives twice.</summary>
    public bool IsDoubled { get; set; }

    /// <summary>By how much it was held back, so that others overtake it.</summary>
    public Duration HeldBack { get; set; }
}
