namespace Meshpulse.Core.Diagnosis.Live;

/// <summary>How a node is, by who answers.</summary>
public enum NodeStatus
{
    /// <summary>Nothing is known of it.</summary>
    Unknown,

    /// <summary>Its heartbeats come.</summary>
    Up,

    /// <summary>Its heartbeats do not come.</summary>
    Silent,

    /// <summary>It said that it leaves.</summary>
    Left,

    /// <summary>Its heartbeats do not come, and it does not answer when it is asked.</summary>
    Unreachable,
}
