using Meshpulse.Core.Config;

namespace Meshpulse.Core.Checks;

/// <summary>
/// What probes share a socket: all of one kind, family and code point. Two UDP pings to one address and port would not know
/// their answers apart, since each counts from 1: the second one goes by the next lane, a socket with another port.
/// </summary>
/// <param name="Kind">UDP ping or ICMP.</param>
/// <param name="IsV6">The family.</param>
/// <param name="Dscp">Differentiated services code point, 0 to 63.</param>
/// <param name="Lane">0, and up for further probes to the same endpoint.</param>
public readonly record struct ProbeChannel(CheckKind Kind, bool IsV6, int Dscp, int Lane);
