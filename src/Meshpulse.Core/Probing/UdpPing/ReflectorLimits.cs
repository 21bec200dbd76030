namespace Meshpulse.Core.Probing.UdpPing;

/// <summary>How much a reflector answers at most.</summary>
public sealed record ReflectorLimits
{
    /// <summary>
    /// Answers a second to one source, 1 to 1,000,000,000. A source is an IPv4 address or an IPv6 network of 64 bits, whatever the
    /// port: ports and the rest of an IPv6 address are free for whoever forges. An original's check asks 40 times a second.
    /// </summary>
    public long SourceRate { get; init; } = 4_000;

    /// <summary>Answers at once to one source after a silence, 1 to 1,000,000.</summary>
    public int SourceBurst { get; init; } = 1_000;

    /// <summary>Answers a second altogether, 1 to 1,000,000,000.</summary>
    public long TotalRate { get; init; } = 100_000;

    /// <summary>Answers at once altogether after a silence, 1 to 1,000,000.</summary>
    public int TotalBurst { get; init; } = 10_000;

    /// <summary>
    /// How many sources are remembered, 1 to 1,048,576, rounded up to a power of two and at least four; 24 bytes each. Beyond
    /// that the one with the most allowance left is forgotten, and begins anew with a whole one when it comes back:
    /// from so many sources the total is what limits.
    /// </summary>
    public int Sources { get; init; } = 8_192;
}
