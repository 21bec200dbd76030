using Meshpulse.Agent.Export;
using Meshpulse.Core.Probing.StampReflector;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Reflecting;

/// <summary>What a standalone reflector is started with.</summary>
public sealed record StampReflectorOptions
{
    /// <summary>Where to listen, at least one; an unspecified address is all of its family.</summary>
    public required IReadOnlyList<NodeEndpoint> Listen { get; init; }

    /// <summary>How it behaves.</summary>
    public StampResponderOptions Responder { get; init; } = new();

    /// <summary>Where the metrics are served; null for nowhere.</summary>
    public MetricsListenSpec? Metrics { get; init; }

    /// <summary>The program's version, for the metrics.</summary>
    public string Version { get; init; } = "unknown";
}
