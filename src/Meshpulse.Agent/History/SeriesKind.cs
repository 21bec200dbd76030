namespace Meshpulse.Agent.History;

/// <summary>What a series of windows is of.</summary>
public enum SeriesKind
{
    /// <summary>A path probed by STAMP: both directions of it.</summary>
    Path,

    /// <summary>The heartbeats from and to a peer of the mesh.</summary>
    Heartbeat,

    /// <summary>A check of another kind, such as a UDP ping: round trips only.</summary>
    Check,

    /// <summary>The host's vitals; there is one such series.</summary>
    Host,
}
