using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Slices;

/// <summary>A time without heartbeats from a peer, that began, lasted or ended in a slice.</summary>
/// <param name="From">When the last heartbeat before it came, by the kernel's stamp where there is one.</param>
/// <param name="Length">How long it was, or is by the slice's end.</param>
/// <param name="OwnStall">The longest time within it in which the node's own probing thread did not run.</param>
/// <param name="HasEnded">False while it lasts.</param>
/// <param name="Transport">What TCP said of the connection; null where it said nothing.</param>
public readonly record struct GapSlice(MonoTime From, Duration Length, Duration OwnStall, bool HasEnded, TransportInfo? Transport)
{
    /// <summary>When it ended, or the slice.</summary>
    public MonoTime Until => From + Length;
}
