namespace Meshpulse.Core.Probing;

/// <summary>Whether a probe was sent.</summary>
public enum ProbeSendOutcome
{
    /// <summary>It left this host, or will.</summary>
    Sent = 0,

    /// <summary>There is no room now: the send buffer is full, or too much is under way.</summary>
    Backpressure = 1,

    /// <summary>This host refuses: no route, a firewall, no permission.</summary>
    Refused = 2,
}
