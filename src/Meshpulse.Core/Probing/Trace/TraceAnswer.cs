using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Probing.Trace;

/// <summary>An answer to a probe, as the sockets saw it: already known to carry the trace's secret where it brought that much back.</summary>
/// <param name="Flow">The flow that it came to.</param>
/// <param name="Id">Which probe it is about; null where it quotes too little of it to tell.</param>
/// <param name="From">Who sent it; port 0.</param>
/// <param name="Kind">What it says; not None.</param>
/// <param name="Refusal">The reason of a refusal.</param>
/// <param name="Arrived">When it came.</param>
/// <param name="TimeToLive">The answer's own TTL as it came here; -1 where unknown.</param>
public readonly record struct TraceAnswer(
    int Flow, int? Id, NodeEndpoint From, TraceAnswerKind Kind, TraceRefusal Refusal, MonoTime Arrived, int TimeToLive);
