namespace Meshpulse.Wire.Stamp;

/// <summary>The two modes of RFC 8762, section 4. Both ends are told which; nothing on the wire says it.</summary>
public enum StampMode
{
    /// <summary>44 bytes, no MAC.</summary>
    Unauthenticated = 0,

    /// <summary>112 bytes, of which the last 16 are an HMAC over the others.</summary>
    Authenticated = 1,
}
