namespace Meshpulse.Wire.Stamp;

/// <summary>The flags of a TLV (RFC 8972, section 4). A sender sets U alone; the reply says by them what became of the TLV.</summary>
[Flags]
public enum StampTlvFlags
{
    /// <summary>Understood, well formed, not tampered with.</summary>
    None = 0,

    /// <summary>I: a MAC did not hold, here or in another TLV.</summary>
    IntegrityFailed = 0x20,

    /// <summary>M: malformed; nothing behind it was looked at.</summary>
    Malformed = 0x40,

    /// <summary>U: not understood.</summary>
    Unrecognised = 0x80,
}
