namespace Meshpulse.Wire.Stamp;

/// <summary>The kind of an access network (RFC 8972, section 4.6); reports of any other are to be discarded.</summary>
public enum StampAccessId
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>3GPP.</summary>
    ThreeGpp = 1,

    /// <summary>Anything else, such as Wi-Fi.</summary>
    NonThreeGpp = 2,
}
