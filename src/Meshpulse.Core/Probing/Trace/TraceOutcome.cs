namespace Meshpulse.Core.Probing.Trace;

/// <summary>What an answer turned out to be.</summary>
public enum TraceOutcome
{
    /// <summary>It is about nothing that was sent, or about something long forgotten.</summary>
    Unknown = 0,

    /// <summary>It came in time.</summary>
    Answered,

    /// <summary>It came after the timeout.</summary>
    Late,

    /// <summary>The probe was answered before.</summary>
    Duplicate,

    /// <summary>It quotes too little to tell which of several probes it is about.</summary>
    Ambiguous,
}
