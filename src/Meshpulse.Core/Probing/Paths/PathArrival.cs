using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Probing.Paths;

/// <summary>What is known of a datagram that came to a channel.</summary>
/// <param name="Channel">The channel's number.</param>
/// <param name="Remote">Whom it is from.</param>
/// <param name="T4">When it came: the kernel's stamp, else the wall clock as it was read.</param>
/// <param name="Arrived">The same moment on the monotonic clock.</param>
/// <param name="IsStamped">T4 is the kernel's.</param>
/// <param name="Ttl">TTL or hop limit; null where unknown.</param>
public readonly record struct PathArrival(int Channel, NodeEndpoint Remote, WallTime T4, MonoTime Arrived, bool IsStamped, byte? Ttl);
