using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing.Stamp;

/// <summary>A reply that came, as plain values; the caller has checked address, port, SSID and, where there is one, the HMAC.</summary>
/// <param name="SenderSequence">The request's number as the reflector copied it.</param>
/// <param name="ReflectorSequence">The reflector's own number.</param>
/// <param name="T1">The request's timestamp as the reflector copied it; has to be equal to the one that was sent.</param>
/// <param name="T2">When the reflector took the request in, by its clock.</param>
/// <param name="T3">When it sent the reply, by its clock.</param>
/// <param name="Arrived">When the reply came, from the kernel's stamp where there is one.</param>
public readonly record struct StampReply(
    SerialNumber SenderSequence,
    SerialNumber ReflectorSequence,
    WallTime T1,
    WallTime T2,
    WallTime T3,
    MonoTime Arrived);
