namespace Meshpulse.Wire.Stamp;

/// <summary>
/// The sub-TLVs of a Location TLV (RFC 8972, section 4.2.1). A sender asks by a general type with zeros; the reflector
/// answers in place by a special one of the same size.
/// </summary>
public enum StampLocationType
{
    /// <summary>Reserved.</summary>
    None = 0,

    /// <summary>Asks for the source MAC address; 8 bytes.</summary>
    SourceMac = 1,

    /// <summary>A source MAC of 6 bytes and 2 zeros.</summary>
    SourceEui48 = 2,

    /// <summary>A source MAC of 8 bytes.</summary>
    SourceEui64 = 3,

    /// <summary>Asks for the destination address; 16 bytes.</summary>
    DestinationAddress = 4,

    /// <summary>A destination of 4 bytes and 12 zeros.</summary>
    DestinationV4 = 5,

    /// <summary>A destination of 16 bytes.</summary>
    DestinationV6 = 6,

    /// <summary>Asks for the source address; 16 bytes.</summary>
    SourceAddress = 7,

    /// <summary>A source of 4 bytes and 12 zeros.</summary>
    SourceV4 = 8,

    /// <summary>A source of 16 bytes.</summary>
    SourceV6 = 9,
}
