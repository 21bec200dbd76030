namespace Meshpulse.Wire.Stamp;

/// <summary>What a Session-Sender says in the base of its packet.</summary>
/// <param name="Sequence">From 0, one more for each packet sent; comes round at 2^32.</param>
/// <param name="Timestamp">T1: when it was sent, in the format of the error estimate's Z bit.</param>
/// <param name="ErrorEstimate">How far T1 may be off.</param>
/// <param name="Ssid">Tells sessions of one pair of ports apart (RFC 8972, section 3); 0 is none.</param>
public readonly record struct StampSenderPacket(uint Sequence, StampTimestamp Timestamp, StampErrorEstimate ErrorEstimate, ushort Ssid);
