using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.History;

/// <summary>A change of a verdict, as the store has it.</summary>
/// <param name="At">When it was said.</param>
/// <param name="Change"><c>begun</c>, <c>changed</c>, <c>ended</c> or <c>recurred</c>.</param>
/// <param name="Verdict">The verdict as it was then.</param>
public sealed record HistoryVerdict(WallTime At, string Change, VerdictEntry Verdict);
