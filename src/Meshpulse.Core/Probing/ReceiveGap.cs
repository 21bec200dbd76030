using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing;

/// <summary>A time without heartbeats from a peer that was longer than the threshold.</summary>
/// <param name="Peer">The peer's number.</param>
/// <param name="Start">When the last heartbeat before it came.</param>
/// <param name="StartWall">The same for people.</param>
/// <param name="Length">How long it was.</param>
/// <param name="OwnStall">The longest time within it in which our own probing thread did not run: that part is ours to answer for.</param>
/// <param name="Path">What TCP said of the connection when the gap ended; null where it said nothing.</param>
/// <param name="Quality">How the heartbeat that ended it was placed.</param>
/// <param name="Ended">False while the gap still lasts.</param>
public sealed record ReceiveGap(
    int Peer,
    MonoTime Start,
    WallTime StartWall,
    Duration Length,
    Duration OwnStall,
    TransportInfo? Path,
    ArrivalQuality Quality,
    bool Ended);
