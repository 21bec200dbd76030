using Meshpulse.Agent.Api.Json;
using Meshpulse.Agent.Fleet;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Api;

/// <summary>What a <see cref="MeshApi"/> stands on.</summary>
internal sealed record MeshApiOptions
{
    /// <summary>Stands before all of it.</summary>
    public required ApiGate Gate { get; init; }

    /// <summary>How the mesh is now.</summary>
    public required LiveMesh Live { get; init; }

    /// <summary>What is and was wrong.</summary>
    public required Func<VerdictDocument> Verdicts { get; init; }

    /// <summary>Asks peers; null where none are asked. Asked at each request, as it is there only once the port is.</summary>
    public Func<PeerClient?> Client { get; init; } = static () => null;

    /// <summary>The nodes that may be asked.</summary>
    public Func<IReadOnlyCollection<FleetPeer>> Peers { get; init; } = static () => [];

    /// <summary>How the node was started.</summary>
    public Func<IReadOnlyList<SettingEntry>> Settings { get; init; } = static () => [];

    /// <summary>The program's version.</summary>
    public string Program { get; init; } = "";

    /// <summary>What we know of a span of the past; of any, where none is given.</summary>
    public required Func<ApiSpan?, IPastView> Past { get; init; }

    /// <summary>The kept traces that this node made of the path to another.</summary>
    public Func<string, IEnumerable<TraceEntry>> Traces { get; init; } = static _ => [];

    /// <summary>Both clocks.</summary>
    public required Func<ClockPairing> Clock { get; init; }

    /// <summary>Streams at one time.</summary>
    public int MaxStreams { get; init; } = 32;
}
