namespace Meshpulse.Agent.Portable;

/// <summary>How a <see cref="PortableUdpSocket"/> shall behave; the default value asks for nothing. What the platform does not do is no error.</summary>
internal readonly record struct PortableUdpOptions
{
    /// <summary>TTL or hop limit, 1 to 255; 0 for the system's default.</summary>
    public int TimeToLive { get; init; }

    /// <summary>TOS or traffic class, 0 to 255: DSCP in the upper six bits.</summary>
    public int TypeOfService { get; init; }

    /// <summary>Datagrams that are too large for the path are refused and not cut into fragments.</summary>
    public bool DontFragment { get; init; }

    /// <summary>Bytes of the receive buffer; 0 for the default. The system may cut it.</summary>
    public int ReceiveBuffer { get; init; }
}
