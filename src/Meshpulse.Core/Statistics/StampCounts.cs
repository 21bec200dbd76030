namespace Meshpulse.Core.Statistics;

/// <summary>How many exchanges had which of their times from a kernel; the others were read by a program.</summary>
/// <param name="Exchanges">All of them.</param>
/// <param name="Send">Those with our kernel's time of sending.</param>
/// <param name="Reflector">Those with the reflector's kernel's time of sending, as it says.</param>
/// <param name="Receive">Those with our kernel's time of receiving.</param>
public readonly record struct StampCounts(long Exchanges, long Send, long Reflector, long Receive);
