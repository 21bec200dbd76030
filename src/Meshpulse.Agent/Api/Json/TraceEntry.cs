using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Api.Json;

/// <summary>A trace of a path.</summary>
/// <param name="At">When it was made.</param>
/// <param name="Node">By whom.</param>
/// <param name="Text">As it was printed.</param>
public sealed record TraceEntry(WallTime At, string Node, string Text);
