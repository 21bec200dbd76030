using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Live;

/// <summary>How one node is now, as who answers knows it. What nobody told is null.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Status">How it is.</param>
public sealed record NodeCondition(string Node, NodeStatus Status)
{
    /// <summary>Its datacenter; null where there is none.</summary>
    public string? Datacenter { get; init; }

    /// <summary>The operator has put it into maintenance.</summary>
    public bool IsInMaintenance { get; init; }

    /// <summary>How old its last word is: a heartbeat, or what it told.</summary>
    public Duration? Heard { get; init; }

    /// <summary>How old the last slice of it is; null where there is none.</summary>
    public Duration? Told { get; init; }

    /// <summary>How busy the CPUs are that its agent may use, 0 to 1, within the last second.</summary>
    public double? Cpu { get; init; }

    /// <summary>How long its probing thread did not run, within ten seconds.</summary>
    public Duration? Stalled { get; init; }

    /// <summary>Packets that its own receive queues dropped, within ten seconds.</summary>
    public long? ReceiveDrops { get; init; }

    /// <summary>By how much its clock is ahead of that of who answers; unknown where that was not measured.</summary>
    public OffsetInterval Offset { get; init; } = OffsetInterval.Unknown;
}
