namespace Meshpulse.Wire.Stamp;

/// <summary>What is known of whether TLVs are as their sender wrote them.</summary>
public enum StampTlvIntegrity
{
    /// <summary>There is no HMAC TLV and none is needed: as much to be believed as anything without a MAC.</summary>
    NotProtected = 0,

    /// <summary>The HMAC TLV holds.</summary>
    Verified = 1,

    /// <summary>The HMAC TLV does not hold, stands in the wrong place, can't be checked for want of a key, or is missing where it must be.</summary>
    Failed = 2,
}
