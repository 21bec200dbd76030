using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Probing.Trace;

/// <summary>Somebody who answered at a hop of a flow.</summary>
/// <param name="From">The address; port 0.</param>
/// <param name="Answers">How many answers came from it, late ones included.</param>
/// <param name="Kind">What the newest of them said.</param>
/// <param name="Refusal">The reason where that was a refusal.</param>
/// <param name="TimeToLive">The newest answer's TTL as it came here; -1 where unknown.</param>
public sealed record TraceAddress(NodeEndpoint From, long Answers, TraceAnswerKind Kind, TraceRefusal Refusal, int TimeToLive);
