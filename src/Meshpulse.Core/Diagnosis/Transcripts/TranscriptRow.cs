using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Transcripts;

/// <summary>What a node reported of one peer, or of one target, for one interval: a row of meshmonitor's table or a server's line of mehsh.</summary>
/// <param name="Observer">Who printed it.</param>
/// <param name="Subject">Of whom.</param>
/// <param name="From">When the interval began.</param>
/// <param name="At">When it ended.</param>
public sealed record TranscriptRow(string Observer, string Subject, WallTime From, WallTime At) : TranscriptEntry(Observer, At)
{
    /// <summary>Times between heartbeats from the subject, in milliseconds; null where it is no row of heartbeats, all null where none came.</summary>
    public TranscriptFigures? Receive { get; init; }

    /// <summary>From a heartbeat's stamp to its arrival, in milliseconds: delay and the difference of the clocks.</summary>
    public TranscriptFigures? Delta { get; init; }

    /// <summary>Times between the observer's own sendings, in milliseconds.</summary>
    public TranscriptFigures? Send { get; init; }

    /// <summary>Probes to the subject; null where it is no row of probes.</summary>
    public TranscriptProbes? Probes { get; init; }

    /// <summary>The observer was in maintenance.</summary>
    public bool IsMaintenance { get; init; }

    /// <summary>It stands here to be compared with only: it comes from a log that is judged by itself, and better.</summary>
    public bool IsWitness { get; init; }

    /// <summary>Nothing came from the subject in the whole interval: dashes, or the zeros that the original prints then.</summary>
    public bool IsSilent => Receive is { Max: null or 0 };
}
