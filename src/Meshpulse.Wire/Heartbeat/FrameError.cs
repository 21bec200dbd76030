namespace Meshpulse.Wire.Heartbeat;

/// <summary>Why bytes are not a frame of the heartbeat protocol.</summary>
public enum FrameError
{
    /// <summary>They are one.</summary>
    None,

    /// <summary>The announced length is below 1 or above <see cref="HeartbeatWire.MaxBody"/>.</summary>
    LengthOutOfRange,

    /// <summary>The body is shorter than its message needs.</summary>
    BodyTooShort,

    /// <summary>A hello goes on behind its address entry.</summary>
    TrailingBytes,

    /// <summary>An address length that is neither 4 nor 16.</summary>
    AddressLength,

    /// <summary>The body ends inside an address entry.</summary>
    TruncatedEntry,
}
