using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Api.Json;

/// <summary>
/// What <c>GET /api/v1/vitals</c> answers: how a host was, step by step. All lists have one element for each of <see cref="T"/>, null where nothing is known.
/// </summary>
/// <param name="Version">Of the format; 1.</param>
/// <param name="Node">Whose host it is.</param>
/// <param name="Now">When, by its clock.</param>
/// <param name="Start">When the span begins.</param>
/// <param name="End">When it ends.</param>
/// <param name="StepMs">How long a step is.</param>
/// <param name="Source"><c>live</c> or <c>history</c>.</param>
/// <param name="T">When each step begins, in ms since 1970.</param>
/// <param name="Stalls">When its probing thread did not run, where that is known one by one.</param>
public sealed record VitalsDocument(
    int Version,
    string Node,
    WallTime Now,
    WallTime Start,
    WallTime End,
    long StepMs,
    string Source,
    IReadOnlyList<long> T,
    IReadOnlyList<StallEntry> Stalls)
    : ApiDocument(Version, Node, Now)
{
    /// <summary>How busy the CPUs are that the agent may use, 0 to 1.</summary>
    public IReadOnlyList<double?> Cpu { get; init; } = [];

    /// <summary>How busy the busiest CPU is, 0 to 1; not known as yet.</summary>
    public IReadOnlyList<double?> BusiestCpu { get; init; } = [];

    /// <summary>Which share of the time was stolen by the hypervisor.</summary>
    public IReadOnlyList<double?> Steal { get; init; } = [];

    /// <summary>How long the agent's threads waited for a CPU.</summary>
    public IReadOnlyList<double?> RunQueueWaitMs { get; init; } = [];

    /// <summary>How long the CPU quota stopped them.</summary>
    public IReadOnlyList<double?> ThrottledMs { get; init; } = [];

    /// <summary>For which share of the time some task waited for a CPU.</summary>
    public IReadOnlyList<double?> PsiCpu { get; init; } = [];

    /// <summary>The same for a disk.</summary>
    public IReadOnlyList<double?> PsiIo { get; init; } = [];

    /// <summary>The same for memory.</summary>
    public IReadOnlyList<double?> PsiMemory { get; init; } = [];

    /// <summary>Page faults that waited for a disk.</summary>
    public IReadOnlyList<double?> MajorFaults { get; init; } = [];

    /// <summary>How long no thread ran at all.</summary>
    public IReadOnlyList<double?> FrozenMs { get; init; } = [];

    /// <summary>The longest time in which the probing thread did not run.</summary>
    public IReadOnlyList<double?> StallMaxMs { get; init; } = [];

    /// <summary>How long the runtime's garbage collector stopped the threads.</summary>
    public IReadOnlyList<double?> GcPauseMs { get; init; } = [];

    /// <summary>How late the probing thread woke at most.</summary>
    public IReadOnlyList<double?> WakeLateMaxUs { get; init; } = [];

    /// <summary>Datagrams that the host could not deliver.</summary>
    public IReadOnlyList<double?> UdpDrops { get; init; } = [];

    /// <summary>Receive errors and drops of the network interfaces.</summary>
    public IReadOnlyList<double?> NicDrops { get; init; } = [];

    /// <summary>Packets dropped for a full backlog.</summary>
    public IReadOnlyList<double?> SoftnetDrops { get; init; } = [];

    /// <summary>TCP segments sent again.</summary>
    public IReadOnlyList<double?> Retransmits { get; init; } = [];

    /// <summary>How far the clock is off; not known by the host itself.</summary>
    public IReadOnlyList<double?> ClockOffsetUs { get; init; } = [];
}
