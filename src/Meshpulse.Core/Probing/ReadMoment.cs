using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing;

/// <summary>What is known of the time at which a read's bytes came.</summary>
/// <param name="LookedBefore">The socket held nothing at this moment: the bytes came later.</param>
/// <param name="Arrived">When the last of them came, on the monotonic clock; never after the read.</param>
/// <param name="ArrivedWall">The same on the wall clock, for the comparison with the sender's stamp.</param>
/// <param name="Source">Who says so.</param>
public readonly record struct ReadMoment(MonoTime LookedBefore, MonoTime Arrived, WallTime ArrivedWall, StampSource Source);
