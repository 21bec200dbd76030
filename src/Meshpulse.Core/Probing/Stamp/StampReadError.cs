namespace Meshpulse.Core.Probing.Stamp;

/// <summary>Why a datagram is no reply of a session.</summary>
public enum StampReadError
{
    /// <summary>It is one, as far as its form tells: number and T1 are still to be compared.</summary>
    None,

    /// <summary>Too short, an error estimate or a timestamp that can't be: corrupted, or not of the protocol.</summary>
    Malformed,

    /// <summary>No key of ours signed it.</summary>
    Mac,

    /// <summary>It carries the id of another session.</summary>
    OtherSession,
}
