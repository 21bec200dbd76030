namespace Meshpulse.Core.Membership;

/// <summary>Why a call failed.</summary>
public enum DialFailure
{
    /// <summary>Nobody listens there.</summary>
    Refused,

    /// <summary>No answer in time.</summary>
    TimedOut,

    /// <summary>There is no way there.</summary>
    Unreachable,

    /// <summary>This host has no address, port or file descriptor to call with.</summary>
    LocalResource,

    /// <summary>Anything else.</summary>
    Other,
}
