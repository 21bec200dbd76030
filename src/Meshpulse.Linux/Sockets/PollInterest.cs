namespace Meshpulse.Linux.Sockets;

/// <summary>What a socket is watched for. Errors and a connection that is wholly closed are reported whatever is asked.</summary>
[Flags]
public enum PollInterest
{
    /// <summary>Errors only.</summary>
    None = 0,

    /// <summary>Bytes or connections to take, or the peer's end of stream.</summary>
    Read = 1,

    /// <summary>Room to send; for a connection in progress, its outcome.</summary>
    Write = 2,
}
