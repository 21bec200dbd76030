namespace Meshpulse.Wire.UdpPing;

/// <summary>What a reflector does about a datagram: answer it, or why not.</summary>
public enum UdpPingDecision
{
    /// <summary>One response goes back.</summary>
    Answer = 0,

    /// <summary>Fewer than 18 bytes.</summary>
    TooShort = 1,

    /// <summary>Another protocol.</summary>
    Magic = 2,

    /// <summary>A version other than 1.</summary>
    Version = 3,

    /// <summary>Neither request nor response.</summary>
    Type = 4,

    /// <summary>A response: to answer it would be to talk to another reflector for ever.</summary>
    Response = 5,

    /// <summary>It claims to come from port 0, from no address or from a group: no one could be answered, or too many.</summary>
    Source = 6,

    /// <summary>A request beyond its source's share.</summary>
    SourceLimit = 7,

    /// <summary>A request beyond what the reflector answers altogether.</summary>
    TotalLimit = 8,
}
