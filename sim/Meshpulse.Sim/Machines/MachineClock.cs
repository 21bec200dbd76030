using Meshpulse.Core.Time;
using Meshpulse.Sim.Network;

namespace Meshpulse.Sim.Machines;

/// <summary>
/// The clocks of one machine. The monotonic one runs as virtual time does, from a beginning of its own: no host can compare it with another's. The wall
/// clock has an offset, drifts and steps.
/// </summary>
/// <param name="clock">Virtual time.</param>
/// <param name="boot">How far the monotonic clock is ahead of virtual time.</param>
/// <param name="offset">By how much the wall clock is off.</param>
/// <param name="driftPpm">By how much it runs too fast, in millionths.</param>
public sealed class MachineClock(VirtualClock clock, Duration boot, Duration offset, double driftPpm)
{
    private static readonly Duration s_epoch = Duration.FromSeconds(1_700_000_000);

    private Duration _offset = offset;
    private MonoTime _since = clock.Now;
    private double _drift = driftPpm;

    /// <summary>Both clocks now.</summary>
    public ClockPairing Now => At(clock.Now);

    /// <summary>By how much the wall clock is off now.</summary>
    public Duration Offset => OffsetAt(clock.Now);

    /// <summary>The wall clock's drift in millionths.</summary>
    public double DriftPpm
    {
        get => _drift;
        set
        {
            (_offset, _since) = (Offset, clock.Now);
            _drift = value;
        }
    }

    /// <summary>Both clocks at a moment of virtual time.</summary>
    public ClockPairing At(MonoTime moment) => new(MonoAt(moment), WallAt(moment));

    /// <summary>The monotonic clock at a moment of virtual time.</summary>
    public MonoTime MonoAt(MonoTime moment) => moment + boot;

    /// <summary>The wall clock at a moment of virtual time.</summary>
    public WallTime WallAt(MonoTime moment) => new WallTime(moment.Nanoseconds) + s_epoch + OffsetAt(moment);

    /// <summary>The moment of virtual time at which the monotonic clock shows this.</summary>
    public MonoTime MomentOf(MonoTime mono) => mono == MonoTime.Never ? mono : mono - boot;

    /// <summary>Somebody sets the wall clock.</summary>
    public void Step(Duration by) => _offset += by;

    private Duration OffsetAt(MonoTime moment) => _offset + new Duration((long)((moment - _since).Nanoseconds * _drift / 1e6));
}
