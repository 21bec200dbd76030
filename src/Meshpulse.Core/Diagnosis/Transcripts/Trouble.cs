using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Transcripts;

/// <summary>Something that a node printed of a peer and that is not as it should be. When exactly it was is not known: somewhere in an interval.</summary>
/// <param name="What">What it is called where the path between the two is to blame.</param>
/// <param name="Observer">Who saw it; a directed one is of what came to him.</param>
/// <param name="Subject">Of whom; empty where it is the observer's own stall.</param>
/// <param name="From">Not before.</param>
/// <param name="Until">Not after.</param>
/// <param name="Size">How long, for what is late; how much of all, from 0 to 1, for what is lost, in nanoseconds of a second.</param>
internal sealed record Trouble(VerdictKind What, string Observer, string Subject, WallTime From, WallTime Until, Duration Size)
{
    /// <summary>Of what came from the subject to the observer alone; else of a way there and back.</summary>
    public bool IsDirected { get; init; }

    /// <summary>It had not ended: its size says nothing.</summary>
    public bool IsOpen { get; init; }

    /// <summary>A connection was ended, by the other side or its kernel or, where timed out, by nobody.</summary>
    public bool IsClosing { get; init; }

    /// <summary>How long the observer itself stood still within it.</summary>
    public Duration OwnStall { get; init; }

    /// <summary>The direction of losses where the line tells it: true for the way there, false for the way back.</summary>
    public bool? IsForward { get; init; }

    /// <summary>It is not judged, only counted as a witness's.</summary>
    public bool IsWitness { get; init; }

    /// <summary>What says so.</summary>
    public required VerdictEvidence Evidence { get; init; }

    /// <summary>Whether two may be the same thing, seen by two: at the same time, and of similar size where both are known.</summary>
    public bool Fits(Trouble other)
    {
        if (other.From > Until || From > other.Until)
        {
            return false;
        }

        var comparable = !IsOpen && !other.IsOpen && IsDirected && other.IsDirected && !IsClosing && !other.IsClosing;
        return !comparable || (Size.Nanoseconds / 3 <= other.Size.Nanoseconds && other.Size.Nanoseconds / 3 <= Size.Nanoseconds);
    }
}
