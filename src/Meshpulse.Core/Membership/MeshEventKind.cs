namespace Meshpulse.Core.Membership;

/// <summary>What happened to the mesh.</summary>
public enum MeshEventKind
{
    /// <summary>A node that was not known before is called.</summary>
    NewRemote,

    /// <summary>A connection is begun.</summary>
    Connecting,

    /// <summary>A connection that we began stands.</summary>
    Connected,

    /// <summary>Our hello went out.</summary>
    HandshakeSent,

    /// <summary>A node called us and said who it is.</summary>
    ReceivedConnection,

    /// <summary>A peer is there: the first of its connections stands.</summary>
    PeerJoined,

    /// <summary>A peer is gone: the last of its connections ended. The reason is in the event.</summary>
    PeerLeft,

    /// <summary>A connection was closed that was not the last one to its peer.</summary>
    ConnectionClosed,

    /// <summary>A node did not answer a call.</summary>
    DialFailed,

    /// <summary>A server's name could not be resolved.</summary>
    ResolveFailed,

    /// <summary>A server on the command line is this node.</summary>
    ServerIsSelf,

    /// <summary>Something from outside was refused.</summary>
    Refused,

    /// <summary>A peer says nothing, though its connection stands.</summary>
    Silent,
}
