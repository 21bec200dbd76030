namespace Meshpulse.Core.Probing.Trace;

/// <summary>What a trace found so far. Immutable.</summary>
public sealed record TraceReport
{
    /// <summary>
    /// The hops in their order, to the end of the longest path; where a path has no known end, to one beyond the last answer.
    /// </summary>
    public required IReadOnlyList<TraceHop> Hops { get; init; }

    /// <summary>How far each flow came.</summary>
    public required IReadOnlyList<TracePath> Paths { get; init; }

    /// <summary>All probes; those sent beyond the end of a path, before that was known, included.</summary>
    public required TraceCounts Counts { get; init; }

    /// <summary>Rounds that all flows have finished.</summary>
    public required long Rounds { get; init; }

    /// <summary>The highest TTL that was sent.</summary>
    public required int AskedUpTo { get; init; }

    /// <summary>Probes that this host refused to send.</summary>
    public required long Unsent { get; init; }

    /// <summary>Answers to what was answered before.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Answers to nothing that was sent, or to what is long forgotten.</summary>
    public required long Unknown { get; init; }

    /// <summary>Some answers don't tell which probe they are about, so that each flow has one probe under way at a time.</summary>
    public required bool IsSerial { get; init; }

    /// <summary>Anybody answered.</summary>
    public bool IsAnswered => Counts.Answered + Counts.Late > 0;
}
