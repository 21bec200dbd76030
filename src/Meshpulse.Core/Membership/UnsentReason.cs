namespace Meshpulse.Core.Membership;

/// <summary>Why a heartbeat that was due was not sent. None of these is loss.</summary>
public enum UnsentReason
{
    /// <summary>The probing thread came too late for it.</summary>
    Late,

    /// <summary>The peer does not take what was sent before.</summary>
    Backpressure,
}
