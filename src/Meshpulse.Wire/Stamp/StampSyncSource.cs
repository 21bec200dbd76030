namespace Meshpulse.Wire.Stamp;

/// <summary>Where a clock's time comes from (RFC 8972, table 6); other values may come from the wire.</summary>
public enum StampSyncSource
{
    /// <summary>Not said.</summary>
    None = 0,

    /// <summary>NTP.</summary>
    Ntp = 1,

    /// <summary>PTP.</summary>
    Ptp = 2,

    /// <summary>A synchronisation supply unit or building-integrated timing supply.</summary>
    SsuBits = 3,

    /// <summary>GPS, GLONASS, Galileo and the like.</summary>
    Gnss = 4,

    /// <summary>Nowhere: the host's own oscillator.</summary>
    FreeRunning = 5,
}
