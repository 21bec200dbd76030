namespace Meshpulse.Agent.Analysis;

/// <summary>Whether an analysis starts, and why not.</summary>
public enum GateVerdict
{
    /// <summary>It starts now.</summary>
    Start,

    /// <summary>The loss is below its minimum.</summary>
    BelowMinimum,

    /// <summary>A server is never analysed against itself.</summary>
    SameServer,

    /// <summary>No analysis starts in maintenance.</summary>
    Maintenance,

    /// <summary>It came into force only just now.</summary>
    StartDelay,

    /// <summary>It started only just now.</summary>
    Pause,

    /// <summary>It is still running.</summary>
    Running,

    /// <summary>As many as may run at once, of all analyses together, are running.</summary>
    TooMany,
}
