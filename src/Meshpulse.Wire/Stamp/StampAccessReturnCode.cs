namespace Meshpulse.Wire.Stamp;

/// <summary>What is reported of an access network (RFC 8972, table 9); other values may come from the wire.</summary>
public enum StampAccessReturnCode
{
    /// <summary>Reserved.</summary>
    None = 0,

    /// <summary>It can be used.</summary>
    Available = 1,

    /// <summary>It can't.</summary>
    Unavailable = 2,
}
