using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing.Paths;

/// <summary>One flow of a path: its session and what else it counts.</summary>
internal sealed class PathFlow
{
    /// <summary>A flow that has sent nothing.</summary>
    /// <param name="path">Whose it is.</param>
    /// <param name="index">From 0.</param>
    /// <param name="session">Its session.</param>
    /// <param name="before">What the flow in its place had come to, when the path went elsewhere.</param>
    public PathFlow(PathProbe path, int index, StampSession session, FlowTotals before) => (Path, Index, Session, Before) = (path, index, session, before);

    public PathProbe Path { get; }

    public int Index { get; }

    public StampSession Session { get; }

    /// <summary>Where exchanges wait for better times.</summary>
    public ExchangeHold Hold { get; } = new();

    /// <summary>What came before this session.</summary>
    public FlowTotals Before { get; }

    /// <summary>The session's id.</summary>
    public required ushort Ssid { get; init; }

    public required int Dscp { get; init; }

    /// <summary>What its packets look like.</summary>
    public required StampForm Form { get; init; }

    /// <summary>Its packets are large, and must not be fragmented.</summary>
    public bool IsLarge => Path.Settings.IsLarge(Index);

    /// <summary>Until then this host sends none of its packets: they are larger than its interface.</summary>
    public MonoTime RestsUntil { get; set; }

    /// <summary>By which it is found when the kernel tells when a packet left.</summary>
    public int Slot { get; set; } = -1;

    /// <summary>By which its packets go; null for a flow of a path without an address.</summary>
    public HeldChannel? Channel { get; set; }

    public uint Unsent { get; set; }

    public uint Corrupted { get; set; }

    public uint OtherSessions { get; set; }

    /// <summary>What its channel had dropped when the flow began to use it.</summary>
    public uint DropsAtFirst { get; set; }

    /// <summary>What it has dropped since, whosever replies these were.</summary>
    public uint ReceiveDrops { get; set; }

    public FlowTotals Totals
    {
        get
        {
            var totals = Session.Totals;
            var now = new FlowTotals(
                (byte)Index,
                (ushort)(Channel?.SourcePort ?? 0),
                (byte)Dscp,
                (uint)totals.Sent,
                Unsent,
                (uint)totals.Answered,
                (uint)totals.Late,
                (uint)totals.LostForward,
                (uint)totals.LostBackward,
                (uint)totals.LostUnknown,
                (uint)totals.Duplicates,
                (uint)totals.Reordered,
                (uint)totals.ReorderingExtent,
                (uint)(totals.Unknown + totals.Forged) + OtherSessions,
                Corrupted,
                (uint)Math.Max(0, totals.Epochs - 1))
            {
                ReceiveDrops = ReceiveDrops,
            };
            return now.Plus(Before);
        }
    }
}
