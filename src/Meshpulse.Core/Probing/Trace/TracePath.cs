namespace Meshpulse.Core.Probing.Trace;

/// <summary>How far a flow came.</summary>
/// <param name="Flow">The flow, from 0.</param>
/// <param name="End">The TTL at which its path ends: at the target, or where it was refused; null where it is not known.</param>
/// <param name="IsReached">The end is the target.</param>
/// <param name="Refusal">The reason where the end is a refusal.</param>
/// <param name="LastAnswer">The highest TTL at which anybody answered; 0 for none.</param>
public sealed record TracePath(int Flow, int? End, bool IsReached, TraceRefusal Refusal, int LastAnswer);
