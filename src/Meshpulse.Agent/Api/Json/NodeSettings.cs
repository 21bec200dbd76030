namespace Meshpulse.Agent.Api.Json;

/// <summary>How the node that answers probes.</summary>
/// <param name="IntervalMs">From one heartbeat to the next, in ms.</param>
/// <param name="SliceMs">From one slice to the next, in ms.</param>
/// <param name="WindowMs">Of what time the matrix tells, in ms.</param>
/// <param name="MatrixMs">How often a matrix of this many nodes is renewed, in ms.</param>
public sealed record NodeSettings(double IntervalMs, double SliceMs, double WindowMs, double MatrixMs);
