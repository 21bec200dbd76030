namespace Meshpulse.Core.Statistics;

/// <summary>Whose clock stepped.</summary>
public enum ClockSide
{
    /// <summary>Not known: nobody watches our own clock.</summary>
    Unknown,

    /// <summary>Ours: our wall clock moved against our monotonic one.</summary>
    Local,

    /// <summary>The other's: ours is watched and did not move.</summary>
    Remote,
}
