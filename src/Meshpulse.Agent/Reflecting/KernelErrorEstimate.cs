using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Agent.Reflecting;

/// <summary>What STAMP packets say of how good this host's clock is.</summary>
public static class KernelErrorEstimate
{
    /// <summary>
    /// Asks the kernel. The estimate is its maximum error and not the estimated one, so that bounds made of it hold; unknown where it
    /// may not be asked. Allocates nothing.
    /// </summary>
    /// <param name="status">What the kernel said; null where it may not be asked.</param>
    public static StampErrorEstimate Read(out ClockStatus? status)
    {
        status = ClockStatus.TryRead(out var known) ? known : null;
        return status is { } clock ? StampErrorEstimate.FromBound(clock.MaximumError.Nanoseconds, clock.IsSynchronised) : StampErrorEstimate.Unknown;
    }
}
