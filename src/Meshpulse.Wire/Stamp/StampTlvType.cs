namespace Meshpulse.Wire.Stamp;

/// <summary>The types of TLVs (RFC 8972, section 5.1); any other byte may stand there too and is not understood.</summary>
public enum StampTlvType
{
    /// <summary>Reserved.</summary>
    None = 0,

    /// <summary>Bytes without meaning; section 4.1.</summary>
    ExtraPadding = 1,

    /// <summary>Addresses and ports as the reflector saw them; section 4.2.</summary>
    Location = 2,

    /// <summary>Where the reflector's time comes from; section 4.3.</summary>
    TimestampInformation = 3,

    /// <summary>DSCP and ECN as they came, and the DSCP asked for; section 4.4.</summary>
    ClassOfService = 4,

    /// <summary>Packet counters; section 4.5.</summary>
    DirectMeasurement = 5,

    /// <summary>State of an access network; section 4.6.</summary>
    AccessReport = 6,

    /// <summary>A better time of sending of the reply before; section 4.7.</summary>
    FollowUpTelemetry = 7,

    /// <summary>A MAC over the TLVs before it; section 4.8.</summary>
    Hmac = 8,
}
