namespace Meshpulse.Wire.Stamp;

/// <summary>What a Session-Reflector says in the base of its packet.</summary>
/// <param name="Sequence">A stateful reflector's own number; a stateless one repeats the sender's.</param>
/// <param name="Timestamp">T3: when it was sent, in the format of the reflector's Z bit.</param>
/// <param name="ErrorEstimate">How far T2 and T3 may be off.</param>
/// <param name="Ssid">The request's, or 0 from a reflector that does not know it.</param>
/// <param name="ReceiveTimestamp">T2: when the request came, in the format of the reflector's Z bit.</param>
/// <param name="SenderSequence">The request's number.</param>
/// <param name="SenderTimestamp">The request's T1, in the format of the sender's Z bit.</param>
/// <param name="SenderErrorEstimate">The request's.</param>
/// <param name="SenderTtl">The TTL or hop limit that the request came with; 255 where the reflector can't see it.</param>
public readonly record struct StampReflectorPacket(
    uint Sequence,
    StampTimestamp Timestamp,
    StampErrorEstimate ErrorEstimate,
    ushort Ssid,
    StampTimestamp ReceiveTimestamp,
    uint SenderSequence,
    StampTimestamp SenderTimestamp,
    StampErrorEstimate SenderErrorEstimate,
    byte SenderTtl);
