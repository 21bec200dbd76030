namespace Meshpulse.Wire.Stamp;

/// <summary>Why a datagram is no STAMP packet; the first of these that applies.</summary>
public enum StampError
{
    /// <summary>It is one, as far as its base says; a MAC is checked apart.</summary>
    None = 0,

    /// <summary>Fewer bytes than any implementation of its mode sends.</summary>
    TooShort = 1,

    /// <summary>An error estimate with the multiplier 0, which RFC 4656, section 4.1.2 says to take as corruption.</summary>
    ErrorEstimate = 2,
}
