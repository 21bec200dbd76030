using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing.Stamp;

/// <summary>A better time of sending of an earlier reply (RFC 8972, section 4.7).</summary>
/// <param name="ReflectorSequence">The reflector's number of that reply.</param>
/// <param name="T3">When it left, by the reflector's clock.</param>
public readonly record struct StampFollowUpReading(SerialNumber ReflectorSequence, WallTime T3);
