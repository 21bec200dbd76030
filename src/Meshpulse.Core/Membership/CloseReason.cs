namespace Meshpulse.Core.Membership;

/// <summary>Why a connection ended.</summary>
public enum CloseReason
{
    /// <summary>The peer closed it.</summary>
    EndOfStream,

    /// <summary>The peer or the path reset it.</summary>
    Reset,

    /// <summary>The transport gave it up.</summary>
    TimedOut,

    /// <summary>Some other error of the transport.</summary>
    Broken,

    /// <summary>The peer said nothing for longer than the silence limit.</summary>
    Silent,

    /// <summary>The peer took nothing for longer than the silence limit.</summary>
    NotReading,

    /// <summary>Another connection to the same node stands.</summary>
    Duplicate,

    /// <summary>It turned out to lead to this node itself.</summary>
    Self,

    /// <summary>What came was refused.</summary>
    Refused,

    /// <summary>We are leaving.</summary>
    Leaving,
}
