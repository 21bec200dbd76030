namespace Meshpulse.Agent.Sounding;

/// <summary>What a sounding's packets are.</summary>
public enum SoundingProtocol
{
    /// <summary>STAMP (RFC 8762), with session ids (RFC 8972).</summary>
    Stamp,

    /// <summary>The pings of mehsh: round trips only, no direction.</summary>
    UdpPing,

    /// <summary>TWAMP Light (RFC 5357, appendix I): a header of 14 bytes and padding.</summary>
    Twamp,
}
