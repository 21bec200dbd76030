namespace Meshpulse.Wire.UdpPing;

/// <summary>What a UDP ping is.</summary>
public enum UdpPingType
{
    /// <summary>Neither; never on the wire.</summary>
    None = 0,

    /// <summary>Asks for a response.</summary>
    Request = 1,

    /// <summary>Answers a request and asks for nothing.</summary>
    Response = 2,
}
