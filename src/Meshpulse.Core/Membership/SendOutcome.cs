namespace Meshpulse.Core.Membership;

/// <summary>What became of a frame.</summary>
public enum SendOutcome
{
    /// <summary>The transport has it.</summary>
    Sent,

    /// <summary>The transport still holds older data that the peer does not take; nothing was handed over.</summary>
    Backpressure,

    /// <summary>The connection is gone.</summary>
    Broken,
}
