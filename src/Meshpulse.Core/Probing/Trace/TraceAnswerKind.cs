namespace Meshpulse.Core.Probing.Trace;

/// <summary>What an answer says about the path.</summary>
public enum TraceAnswerKind
{
    /// <summary>It says nothing about a path.</summary>
    None = 0,

    /// <summary>A router let the probe's time to live run out: the path goes on.</summary>
    Transit,

    /// <summary>The target was reached.</summary>
    Destination,

    /// <summary>Somebody refused to pass the probe on: the path ends there.</summary>
    Refused,
}
