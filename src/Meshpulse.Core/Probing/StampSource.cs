namespace Meshpulse.Core.Probing;

/// <summary>Who stamped the arrival of a packet.</summary>
public enum StampSource
{
    /// <summary>The reader, when it came to read: includes its own lateness.</summary>
    User,

    /// <summary>The kernel, when the packet came up from the driver (SO_TIMESTAMPNS).</summary>
    Kernel,

    /// <summary>The network card.</summary>
    Hardware,
}
