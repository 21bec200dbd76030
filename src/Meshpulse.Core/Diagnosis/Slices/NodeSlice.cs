using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Core.Diagnosis.Slices;

/// <summary>
/// What one node saw in one slice of time, usually a quarter of a second: of its peers, of the paths to them, and of itself. It is what nodes tell
/// each other, and all that the rules know. An immutable value.
/// <para>
/// Its moments are of the node's own monotonic clock, which never steps. <see cref="At"/> joins that to the node's wall clock; who gets the slice puts
/// it on an axis of his own.
/// </para>
/// </summary>
/// <param name="Node">The node's name: the operator's, or its address.</param>
/// <param name="Run">Tells one run of the agent from the next; random.</param>
/// <param name="Number">Counts the slices of a run, from 1.</param>
public sealed record NodeSlice(string Node, ulong Run, long Number)
{
    /// <summary>The most peers that are told of; beyond, those that have nothing to tell are left out.</summary>
    public const int MaxPeers = 2_000;

    /// <summary>The datacenter, dotted as in the configuration; null where there is none.</summary>
    public string? Datacenter { get; init; }

    /// <summary>When the slice began.</summary>
    public MonoTime From { get; init; }

    /// <summary>When it ended, by both clocks.</summary>
    public ClockPairing At { get; init; }

    /// <summary>The agent was asked to stop: nobody should miss it.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>The operator has put the node into maintenance.</summary>
    public bool IsInMaintenance { get; init; }

    /// <summary>How long the probing thread was late at most, in this slice.</summary>
    public Duration WakeLateness { get; init; }

    /// <summary>How the host is: the last window by the slice's end, which may be a moment older; null where vitals are not kept.</summary>
    public HostWindow? Host { get; init; }

    /// <summary>Its peers.</summary>
    public IReadOnlyList<PeerSlice> Peers { get; init; } = [];

    /// <summary>How long it was.</summary>
    public Duration Length => At.Mono - From;
}
