namespace Meshpulse.Core.Probing.Trace;

/// <summary>A probe to be sent.</summary>
/// <param name="Flow">The flow whose ports or identifier it has, from 0.</param>
/// <param name="TimeToLive">TTL or hop limit.</param>
/// <param name="Id">Tells the probes of a flow apart; 1 to 65,535. It must not change what routers choose a path by.</param>
public readonly record struct TraceProbe(int Flow, int TimeToLive, int Id);
