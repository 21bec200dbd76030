using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Agent.Hosting;

/// <summary>
/// How long our calls that send take, which is in no figure that ends with a kernel's stamp and in every one that begins with our own clock.
/// Timing a call takes two readings of the clock, so it is one in some sixty.
/// </summary>
internal sealed class SendCalls
{
    // A prime: with 64 peers that take turns, one send in 64 would be to the same one each time.
    private const int OneIn = 61;

    private int _left = OneIn;

    /// <summary>What was found.</summary>
    public DelayBuckets Delays { get; } = new();

    /// <summary>A call begins.</summary>
    /// <returns>The moment, or <see cref="MonoTime.Never"/> where this one is not timed.</returns>
    public MonoTime Begin()
    {
        if (--_left > 0)
        {
            return MonoTime.Never;
        }

        _left = OneIn;
        return SystemClocks.Mono();
    }

    /// <summary>The call that began then has ended.</summary>
    public void End(MonoTime began)
    {
        if (began != MonoTime.Never)
        {
            Delays.Record(SystemClocks.Mono() - began);
        }
    }
}
