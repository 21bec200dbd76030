using Meshpulse.Linux.Interop;

namespace Meshpulse.Linux.Sockets;

/// <summary>What a <see cref="StampSelfTest"/> found out about one family of addresses.</summary>
/// <param name="IsV6">IPv6, else IPv4.</param>
/// <param name="Error">Why there was nothing to test; else none.</param>
/// <param name="Receive">Stamps of arrivals.</param>
/// <param name="Send">Stamps of sends.</param>
public readonly record struct StampFindings(bool IsV6, Errno Error, StampQuality Receive, StampQuality Send);
