namespace Meshpulse.Core.Probing.Trace;

/// <summary>Why a probe was not passed on.</summary>
public enum TraceRefusal
{
    /// <summary>It was not refused.</summary>
    None = 0,

    /// <summary>There is no route.</summary>
    Network,

    /// <summary>The host does not answer its neighbours.</summary>
    Host,

    /// <summary>The host does not speak the protocol.</summary>
    Protocol,

    /// <summary>Nobody listens on the port; told by another address than the target's.</summary>
    Port,

    /// <summary>The packet is too large.</summary>
    TooLarge,

    /// <summary>A rule forbids it.</summary>
    Prohibited,

    /// <summary>Another reason.</summary>
    Other,
}
