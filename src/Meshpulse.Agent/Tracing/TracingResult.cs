using Meshpulse.Core.Probing.Trace;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tracing;

/// <summary>What a trace found, or has found so far. Immutable.</summary>
public sealed record TracingResult
{
    /// <summary>The target; port 0 for ICMP.</summary>
    public required NodeEndpoint Target { get; init; }

    /// <summary>With which packets.</summary>
    public required TracingProtocol Protocol { get; init; }

    /// <summary>The path.</summary>
    public required TraceReport Report { get; init; }

    /// <summary>What tells the flows apart, in their order: source ports, or identifiers of ICMP.</summary>
    public required IReadOnlyList<int> FlowIds { get; init; }

    /// <summary>Answers that do not carry this trace's secret, come from the wrong address, or say nothing about a path.</summary>
    public required long Refused { get; init; }

    /// <summary>Times of arrival from the kernel.</summary>
    public required long KernelStamps { get; init; }

    /// <summary>Times of arrival read as the answer was.</summary>
    public required long UserStamps { get; init; }

    /// <summary>Why this host refused to send, the last time that it did; null where it didn't.</summary>
    public required string? LastError { get; init; }
}
