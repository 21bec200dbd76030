namespace Meshpulse.Core.Membership;

/// <summary>Why something from outside was refused. Each is a label of <c>meshpulse_refused_total</c>.</summary>
public enum RefusalReason
{
    /// <summary>Nothing was refused.</summary>
    None,

    /// <summary>A frame's announced length was out of range.</summary>
    FrameLength,

    /// <summary>A frame's content made no sense.</summary>
    FrameContent,

    /// <summary>A frame began and did not end within two seconds.</summary>
    FrameTimeout,

    /// <summary>No hello came in time.</summary>
    HelloTimeout,

    /// <summary>A hello claimed our own identity.</summary>
    OwnIdentity,

    /// <summary>A hello claimed an identity that can't be one: unspecified, multicast or without a port.</summary>
    BadIdentity,

    /// <summary>Too many connections that had not said hello, from one address or in all.</summary>
    TooManyPending,

    /// <summary>Too many connections.</summary>
    TooManyConnections,

    /// <summary>Too many peers, or too many new ones in a short time.</summary>
    TooManyPeers,

    /// <summary>The address is not in the allow-list.</summary>
    NotAllowed,

    /// <summary>Heartbeats, or hellos of one identity, came far faster than any interval allows.</summary>
    Flood,

    /// <summary>An address in a list can't be a node.</summary>
    ListEntry,

    /// <summary>Lists named more addresses than are taken in at once.</summary>
    ListOverflow,
}
