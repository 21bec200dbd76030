using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Sounding;

/// <summary>A datagram that came to a flow's socket.</summary>
/// <param name="Remote">Who sent it.</param>
/// <param name="Wall">When it came, by the wall clock.</param>
/// <param name="Mono">The same moment on the monotonic clock.</param>
/// <param name="IsKernel">That is the kernel's stamp; else it is when we read it.</param>
internal readonly record struct SoundingArrival(NodeEndpoint Remote, WallTime Wall, MonoTime Mono, bool IsKernel);
