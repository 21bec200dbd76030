namespace Meshpulse.Core.Membership;

internal enum ConnectionState
{
    /// <summary>We called and nobody has answered yet.</summary>
    Dialing,

    /// <summary>Somebody called and has not said who.</summary>
    AwaitingHello,

    /// <summary>Both ends send heartbeats.</summary>
    Established,

    Closed,
}
