using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Membership;

/// <summary>How a node behaves in the mesh. Everything that is bounded is bounded here.</summary>
public sealed record MeshOptions
{
    /// <summary>Who we are: the address and port at which other nodes reach us.</summary>
    public required NodeEndpoint Self { get; init; }

    /// <summary>Time between heartbeats.</summary>
    public Duration PingInterval { get; init; } = Duration.FromMilliseconds(5);

    /// <summary>Time between reports; paces retries and list refreshes too.</summary>
    public Duration ReportInterval { get; init; } = Duration.FromSeconds(10);

    /// <summary>A gap longer than this is kept as an event; see <see cref="GapFloor"/>.</summary>
    public Duration GapThreshold { get; init; } = Duration.FromMilliseconds(20);

    /// <summary>The threshold in force: one that is not above the interval would make a gap of every heartbeat.</summary>
    public Duration GapFloor => GapThreshold > PingInterval ? GapThreshold : PingInterval * 3 / 2;

    /// <summary>A peer that says nothing for this long is closed.</summary>
    public Duration SilenceLimit { get; init; } = Duration.FromSeconds(10);

    /// <summary>The networks that nodes may be in; empty for all.</summary>
    public IReadOnlyList<AddressNetwork> Allow { get; init; } = [];

    /// <summary>Peers at most.</summary>
    public int MaxPeers { get; init; } = 2000;

    /// <summary>Connections that have not said hello at most, in all.</summary>
    public int MaxPending { get; init; } = 256;

    /// <summary>Connections that have not said hello at most, from one address.</summary>
    public int MaxPendingPerAddress { get; init; } = 32;

    /// <summary>How long a caller may take to say hello.</summary>
    public Duration HelloTimeout { get; init; } = Duration.FromSeconds(5);

    /// <summary>How long a frame may take from its first byte to its last.</summary>
    public Duration FrameTimeout { get; init; } = Duration.FromSeconds(2);

    /// <summary>
    /// How long a call may take: twice <see cref="RetryCeiling"/>, 1 to 4 s. A cut path swallows the SYN, and the kernel repeats it after 1 s
    /// and 3 s; a call that waited longer than the reports are apart would keep a healed path from being seen for several of them.
    /// </summary>
    public Duration DialTimeout => Duration.Max(Duration.FromSeconds(1), Duration.Min(RetryCeiling * 2, Duration.FromSeconds(4)));

    /// <summary>Calls at most that are under way at the same time.</summary>
    public int MaxDialsInFlight { get; init; } = 64;

    /// <summary>Addresses at most that one peer can have us remember and call.</summary>
    public int MaxLearnedPerNamer { get; init; } = 1000;

    /// <summary>Addresses at most that are remembered on the word of all peers together; a minute after nobody names them there is room again.</summary>
    public int MaxLearned { get; init; } = 4_000;

    /// <summary>Calls a second at most that one peer's lists can cause.</summary>
    public int DialsPerSecondPerNamer { get; init; } = 20;

    /// <summary>Calls a second at most that all lists together can cause, whoever sends them.</summary>
    public int DialsPerSecond => 10 * DialsPerSecondPerNamer;

    /// <summary>Nodes a second at most that may call us and were not known before; ten seconds' worth at once.</summary>
    public int NewcomersPerSecond { get; init; } = 100;

    /// <summary>Heartbeats a second at most from one connection.</summary>
    public int MaxHeartbeatsPerSecond { get; init; } = 20_000;

    /// <summary>Connections at most: two for each peer, since calls may cross, and those that have not said hello.</summary>
    public int MaxConnections => (2 * MaxPeers) + MaxPending;

    /// <summary>The longest wait between two calls to a server of the command line, and between two refreshes of a peer's list.</summary>
    public Duration RetryCeiling => Duration.Max(Duration.FromMilliseconds(500), Duration.Min(ReportInterval / 2, Duration.FromSeconds(5)));
}
