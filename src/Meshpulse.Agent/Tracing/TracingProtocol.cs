namespace Meshpulse.Agent.Tracing;

/// <summary>What a trace's probes are.</summary>
public enum TracingProtocol
{
    /// <summary>UDP to one port, where the target should have nobody.</summary>
    Udp,

    /// <summary>ICMP echoes.</summary>
    Icmp,

    /// <summary>TCP connections that are given up as soon as they are answered.</summary>
    Tcp,
}
