namespace Meshpulse.Wire.UdpPing;

/// <summary>A UDP ping as a value.</summary>
/// <param name="Type">Request or response.</param>
/// <param name="Id">Counts up from 1 per check and start of the sender; a response has its request's.</param>
/// <param name="Padding">Bytes behind the 18 of the format, 0 or more.</param>
public readonly record struct UdpPingMessage(UdpPingType Type, ulong Id, int Padding);
