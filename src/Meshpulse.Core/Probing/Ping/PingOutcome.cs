namespace Meshpulse.Core.Probing.Ping;

/// <summary>What became of a request, or what an answer turned out to be.</summary>
public enum PingOutcome
{
    /// <summary>The answer came in time.</summary>
    Answered,

    /// <summary>No answer came in time.</summary>
    Lost,

    /// <summary>The answer came after the request had been counted as lost: it is no longer lost.</summary>
    Late,

    /// <summary>A second answer to the same request.</summary>
    Duplicate,

    /// <summary>An answer to a request that was never sent, or so long ago that it is forgotten.</summary>
    Unknown,
}
