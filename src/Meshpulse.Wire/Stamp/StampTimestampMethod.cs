namespace Meshpulse.Wire.Stamp;

/// <summary>How a timestamp was taken (RFC 8972, table 7); other values may come from the wire.</summary>
public enum StampTimestampMethod
{
    /// <summary>Not said.</summary>
    None = 0,

    /// <summary>By the network hardware.</summary>
    HardwareAssist = 1,

    /// <summary>By software in the forwarding path, the kernel included.</summary>
    SoftwareLocal = 2,

    /// <summary>By the control plane: here, the program itself.</summary>
    ControlPlane = 3,
}
