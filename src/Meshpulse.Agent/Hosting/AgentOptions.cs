using Meshpulse.Agent.Api;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.Fleet;
using Meshpulse.Agent.History;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Vitals;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Agent.Hosting;

/// <summary>What an agent is started with: the mesh, the checks, or both.</summary>
public sealed record AgentOptions
{
    /// <summary>How its node behaves in the mesh; null for no mesh.</summary>
    public MeshOptions? Mesh { get; init; }

    /// <summary>Who is told what the mesh sees; needed where there is one.</summary>
    public IAgentListener? MeshListener { get; init; }

    /// <summary>The servers of the mesh that it is to join: a name to look up with a port, or an address.</summary>
    public IReadOnlyList<(string? Host, NodeEndpoint Endpoint)> Servers { get; init; } = [];

    /// <summary>The checks; null for none.</summary>
    public CheckSetup? Checks { get; init; }

    /// <summary>Answer STAMP beside the mesh's port (same address and number, UDP) and for the checks, where the ports can be had.</summary>
    public bool Stamp { get; init; } = true;

    /// <summary>Where the metrics are served; null for nowhere.</summary>
    public MetricsListenSpec? Metrics { get; init; }

    /// <summary>Tell other nodes what this one saw, and ask them; over the port of the metrics, so not without those.</summary>
    public bool Share { get; init; } = true;

    /// <summary>Slices are told and believed to holders of these keys only; null for whoever reaches the port.</summary>
    public StampKeyRing? ShareKeys { get; init; }

    /// <summary>What whoever asks for anything under <c>/api/v1/</c> has to know; null for nothing.</summary>
    public ApiToken? ApiToken { get; init; }

    /// <summary>With which certificate the port of the metrics is served, and peers are asked; null for plain HTTP.</summary>
    public TlsIdentity? Tls { get; init; }

    /// <summary>Pages of other rooms on the port of the metrics, as the dashboard's; one for <c>/</c> takes the place of the built-in one.</summary>
    public IReadOnlyList<HttpRoute> Pages { get; init; } = [];

    /// <summary>Where slices and verdicts are written as well; null for nowhere. Ends with the agent.</summary>
    public FleetLog? Log { get; init; }

    /// <summary>Where what was measured, judged and told is kept; null for nowhere.</summary>
    public HistoryOptions? History { get; init; }

    /// <summary>Serve of each STAMP path all that is known, and not only what is looked at every day: three times as many series.</summary>
    public bool FullMetrics { get; init; }

    /// <summary>How long the series of a peer that left stay.</summary>
    public Duration SeriesRetention { get; init; } = Duration.FromSeconds(60);

    /// <summary>Ask the system for real-time priority and locked memory.</summary>
    public bool Realtime { get; init; }

    /// <summary>Where the host's vitals are read: this host, or a recorded one.</summary>
    public HostRoots Host { get; init; } = HostRoots.Live;

    /// <summary>
    /// Probe by STAMP through the runtime's sockets, without the kernel's stamps, to compare with; the thread and all else are the same.
    /// </summary>
    public bool PortablePaths { get; init; }

    /// <summary>The program's version, for the metrics.</summary>
    public required string Version { get; init; }
}
