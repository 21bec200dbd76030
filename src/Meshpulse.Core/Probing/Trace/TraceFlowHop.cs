namespace Meshpulse.Core.Probing.Trace;

/// <summary>One hop as one flow saw it.</summary>
/// <param name="Flow">The flow, from 0.</param>
/// <param name="Counts">What became of its probes.</param>
/// <param name="Delays">Null where no answer came in time.</param>
/// <param name="Addresses">Who answered, the most frequent first; several where the path changed, or packets of one flow are spread.</param>
public sealed record TraceFlowHop(int Flow, TraceCounts Counts, TraceDelays? Delays, IReadOnlyList<TraceAddress> Addresses);
