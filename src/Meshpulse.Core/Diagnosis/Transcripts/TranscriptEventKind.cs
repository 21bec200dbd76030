namespace Meshpulse.Core.Diagnosis.Transcripts;

/// <summary>What event lines tell that matters here.</summary>
public enum TranscriptEventKind
{
    /// <summary>The program began.</summary>
    Started,

    /// <summary>A table begins.</summary>
    Reported,

    /// <summary>A connection stands.</summary>
    Joined,

    /// <summary>A connection was ended by the other side, or its kernel.</summary>
    Closed,

    /// <summary>A connection was given up, as nothing came.</summary>
    TimedOut,

    /// <summary>Nothing has come for so long, and still does not.</summary>
    Silent,

    /// <summary>Nothing came for so long, and then did.</summary>
    Gap,
}
