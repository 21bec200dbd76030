using Meshpulse.Core.Time;

namespace Meshpulse.Agent.History;

/// <summary>How far one resolution of a store reaches.</summary>
/// <param name="Step">How long its windows are.</param>
/// <param name="Oldest">When its oldest window begins; null where there is none.</param>
/// <param name="Newest">When its newest window begins.</param>
/// <param name="Rows">Its rows, of all series.</param>
/// <param name="Bytes">What they take, about.</param>
public sealed record HistoryReach(Duration Step, WallTime? Oldest, WallTime? Newest, long Rows, long Bytes);
