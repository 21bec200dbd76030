using System.Collections.Immutable;

namespace Meshpulse.Core.Config;

/// <summary>What a check of the kind <see cref="CheckKind.Stamp"/> has beyond the others.</summary>
public sealed record StampCheckSettings
{
    /// <summary>The most flows.</summary>
    public const int MostFlows = 64;

    /// <summary>The most code points of a sweep.</summary>
    public const int MostDscpSweep = 16;

    /// <summary>The smallest largest packet of the search for the path's MTU: what every host takes in (RFC 791, section 3.1).</summary>
    public const int SmallestMtu = 576;

    /// <summary>The largest packet that the search for the path's MTU may be told to try: the jumbo frames that switches commonly carry.</summary>
    public const int LargestMtu = 9_216;

    /// <summary>What is tried at most where the file only says that it should be: the jumbo frames that hosts commonly send.</summary>
    public const int DefaultMtu = 9_000;

    /// <summary>How many flows take turns, 1 to 64, each with a source port of its own.</summary>
    public int Flows { get; init; } = 8;

    /// <summary>Code points that get a flow of their own beside the others, within the same interval: at most 16, each once, 0 to 63.</summary>
    public ImmutableArray<int> DscpSweep { get; init; } = [];

    /// <summary>The largest IP packet in bytes that the search for the path's MTU tries, 576 to 9216, the interface's MTU permitting; null for no search.</summary>
    public int? MtuProbe { get; init; }

    /// <summary>The file of the keys that sign and verify, an absolute path; null where the packets are not authenticated.</summary>
    public string? KeyFile { get; init; }

    /// <summary>True where all are the same, the code points in the same order.</summary>
    public bool Equals(StampCheckSettings? other) =>
        other is not null
        && (Flows, MtuProbe, KeyFile) == (other.Flows, other.MtuProbe, other.KeyFile)
        && DscpSweep.AsSpan().SequenceEqual(other.DscpSweep.AsSpan());

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Flows, MtuProbe, KeyFile, DscpSweep.Length);
}
