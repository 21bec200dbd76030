namespace Meshpulse.Wire.UdpPing;

/// <summary>Why a datagram is no UDP ping; the first of these that applies.</summary>
public enum UdpPingError
{
    /// <summary>It is one.</summary>
    None = 0,

    /// <summary>Fewer than 18 bytes.</summary>
    TooShort = 1,

    /// <summary>Another protocol.</summary>
    Magic = 2,

    /// <summary>A version other than 1.</summary>
    Version = 3,

    /// <summary>Neither request nor response.</summary>
    Type = 4,
}
