namespace Meshpulse.Wire.Stamp;

/// <summary>What a 64-bit timestamp means; each end chooses its own and says so by the Z bit of its error estimate.</summary>
public enum StampTimestampFormat
{
    /// <summary>Seconds since 1900 mod 2^32, then a fraction in units of 2^-32 s (RFC 5905, section 6). The default.</summary>
    Ntp = 0,

    /// <summary>Truncated PTPv2: seconds since 1970 mod 2^32, then nanoseconds below 1e9 (RFC 8186).</summary>
    Ptp = 1,
}
