using Meshpulse.Core.Probing.Trace;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tracing;

/// <summary>What to trace, and how.</summary>
public sealed record TracingOptions
{
    /// <summary>Where the UDP ports of traceroute begin.</summary>
    public const int UdpPort = 33_434;

    /// <summary>What most targets answer, one way or the other.</summary>
    public const int TcpPort = 80;

    /// <summary>The longest timeout of a TCP probe: the kernel sends a SYN again after a second.</summary>
    public static Duration LongestTcpTimeout { get; } = Duration.FromMilliseconds(900);

    /// <summary>The target's address; and its port but for ICMP.</summary>
    public required NodeEndpoint Target { get; init; }

    /// <summary>With which packets.</summary>
    public TracingProtocol Protocol { get; init; }

    /// <summary>The source port of each flow, as many as there are flows; empty for any. For UDP alone.</summary>
    public IReadOnlyList<int> SourcePorts { get; init; } = [];

    /// <summary>Flows, rounds, pace.</summary>
    public TraceOptions Trace { get; init; } = new();

    /// <summary>The trace as the protocol permits it: TCP has one probe of a flow under way, and a bound on the timeout.</summary>
    internal TraceOptions Permitted => Protocol == TracingProtocol.Tcp
        ? Trace with { MostUnderWay = 1, Timeout = Duration.Min(Trace.Timeout, LongestTcpTimeout) }
        : Trace;
}
