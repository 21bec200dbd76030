namespace Meshpulse.Bench.Whole;

/// <summary>What the counterparts have sent and received at a moment of the monotonic clock.</summary>
internal readonly record struct PeerCounts(long AtNanoseconds, long Sent, long Received);
