using System.Collections.Immutable;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Cli.Commands;

/// <summary>What the mesh command was asked for, every value checked. The defaults are those of an empty command line.</summary>
public sealed record MeshArguments
{
    /// <summary>The servers to connect to for ever, in the order given, each once.</summary>
    public ImmutableArray<HostPort> Servers { get; init; } = [];

    /// <summary>This node's identity, and what it listens on. Never an unspecified, multicast or link-local address.</summary>
    public HostPort Bind { get; init; } = new("127.0.0.1", HostPort.DefaultPort, true);

    /// <summary>The interval of the heartbeats, 0.1 ms to 60 s.</summary>
    public Duration Ping { get; init; } = Duration.FromMilliseconds(5);

    /// <summary>Above this a measurement counts as late, 1 ms to a day.</summary>
    public Duration Threshold { get; init; } = Duration.FromMilliseconds(20);

    /// <summary>The time between two tables, 1 s to a day.</summary>
    public Duration Interval { get; init; } = Duration.FromSeconds(10);

    /// <summary>A peer that says nothing for so long is closed; at least two pings, at most a day.</summary>
    public Duration Silence { get; init; } = Duration.FromSeconds(10);

    /// <summary>How long a departed peer's metric series stay, zero to a day.</summary>
    public Duration Retention { get; init; } = Duration.FromSeconds(60);

    /// <summary>Where the metrics are served; null where they are not.</summary>
    public MetricsBind? Metrics { get; init; } = MetricsBind.Default;

    /// <summary>The networks whose addresses may be peers; empty: any.</summary>
    public ImmutableArray<AddressNetwork> Allow { get; init; } = [];

    /// <summary>The most peers at once, 1 to 65535.</summary>
    public int MaxPeers { get; init; } = 2000;

    /// <summary>Answer STAMP beside the port of the heartbeats.</summary>
    public bool Stamp { get; init; } = true;

    /// <summary>Tell other nodes what this one saw, and ask them.</summary>
    public bool Share { get; init; } = true;

    /// <summary>The file of the keys that holders tell each other what they saw by; null for none.</summary>
    public string? ShareKeyFile { get; init; }

    /// <summary>Where slices and verdicts are written as well; null for nowhere.</summary>
    public string? LogFile { get; init; }

    /// <summary>The file of the token that whoever asks the API has to know; null for none.</summary>
    public string? ApiTokenFile { get; init; }

    /// <summary>The file of the certificate with which the metrics and the API are served; null for plain HTTP.</summary>
    public string? TlsCertFile { get; init; }

    /// <summary>The file of its key.</summary>
    public string? TlsKeyFile { get; init; }

    /// <summary>The file of who signs the peers' certificates; null for whom the system trusts.</summary>
    public string? TlsCaFile { get; init; }

    /// <summary>Serve all metrics of STAMP paths, and not only those that are looked at every day.</summary>
    public bool FullMetrics { get; init; }

    /// <summary>The folder or file of the history; null for where a service manager says, if one does.</summary>
    public string? History { get; init; }

    /// <summary>Keep none, whatever a service manager says.</summary>
    public bool NoHistory { get; init; }

    /// <summary>The most bytes that the history takes; null where that was not given.</summary>
    public long? HistorySize { get; init; }

    /// <summary>No tables.</summary>
    public bool Quiet { get; init; }

    /// <summary>Details of each late heartbeat and of the mesh's workings.</summary>
    public bool Debug { get; init; }

    /// <summary>Ask for real-time scheduling and locked memory.</summary>
    public bool Realtime { get; init; }
}
