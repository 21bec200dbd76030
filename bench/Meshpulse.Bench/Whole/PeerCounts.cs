namespace Meshpulse.Bench.Whole;

/// <summary>What the counterparts have sent and received at a moment of the monotonic clock.</summary>
/// <param name="AtNanoseconds">The moment.</param>
/// <param name="Sent">So far.</param>
/// <param name="Received">So far.</param>
/// <param name="Dropped">What their receive queue had no room for; 0 where they don't say.</param>
internal readonly record struct PeerCounts(long AtNanoseconds, long Sent, long Received, long Dropped);
