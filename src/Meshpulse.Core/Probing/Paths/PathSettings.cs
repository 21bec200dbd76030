using System.Collections.Immutable;
using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Core.Probing.Paths;

/// <summary>How one path is probed by STAMP.</summary>
public sealed record PathSettings
{
    /// <summary>The most flows of one path, those of the DSCP sweep not counted.</summary>
    public const int MaxFlows = 64;

    /// <summary>The most code points of a sweep.</summary>
    public const int MaxSweep = 16;

    /// <summary>What windows are multiples of.</summary>
    public static Duration WindowStep => Duration.FromMilliseconds(250);

    /// <summary>From one probe to the next over all flows; more than zero.</summary>
    public Duration Interval { get; init; } = Duration.FromMilliseconds(25);

    /// <summary>When a probe without a reply is lost; more than zero.</summary>
    public Duration Timeout { get; init; } = Duration.FromSeconds(1);

    /// <summary>How long the windows are in which it is told of: whole multiples of <see cref="WindowStep"/>, more than none.</summary>
    public Duration Window { get; init; } = Duration.FromSeconds(1);

    /// <summary>Source ports that take turns, 1 to 64.</summary>
    public int Flows { get; init; } = 8;

    /// <summary>Bytes of UDP payload; what TLVs and base leave is padding.</summary>
    public int Payload { get; init; } = StampForm.FullLength;

    /// <summary>The code point of all flows but those of the sweep, 0 to 63.</summary>
    public int Dscp { get; init; }

    /// <summary>Code points with a flow of their own each, within the same interval; at most 16.</summary>
    public ImmutableArray<int> DscpSweep { get; init; } = [];

    /// <summary>
    /// One more flow, within the same interval, has packets of so many bytes of UDP payload that must not be fragmented: where they alone are lost, large
    /// packets do not pass. Its delays are not counted among the others'. Null for none.
    /// </summary>
    public int? LargePayload { get; init; }

    /// <summary>The largest IP packet whose passing is tried, in bytes; null for no search for the path's MTU.</summary>
    public int? LargestPacket { get; init; }

    /// <summary>Authenticated: the first key signs, all verify. Null: unauthenticated.</summary>
    public StampKeyRing? Keys { get; init; }

    /// <summary>
    /// For targets that may not speak STAMP: one probe in this time until one is answered, none of which counts. Null for those that are
    /// known to speak it, whose silence is loss.
    /// </summary>
    public Duration? TrialInterval { get; init; }

    /// <summary>The address that probes leave from; the default value leaves it to the route.</summary>
    public NodeEndpoint Local { get; init; }

    /// <summary>How far our wall clock may be off, for the reflector's information.</summary>
    public StampErrorEstimate ErrorEstimate { get; init; } = StampErrorEstimate.Unknown;

    /// <summary>Flows of all kinds.</summary>
    public int AllFlows => Flows + DscpSweep.Length + (LargePayload is null ? 0 : 1);

    /// <summary>The code point of a flow.</summary>
    /// <param name="flow">From 0; those of the sweep come after the others, and that of large packets last.</param>
    public int DscpOf(int flow) => flow < Flows || IsLarge(flow) ? Dscp : DscpSweep[flow - Flows];

    /// <summary>Whether a flow is that of large packets.</summary>
    public bool IsLarge(int flow) => LargePayload is not null && flow == AllFlows - 1;
}
