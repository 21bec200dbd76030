using Meshpulse.Core.Time;

namespace Meshpulse.Agent.History;

/// <summary>Something that happened, as the store has it.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">What, in a word: <c>peer_joined</c>, <c>peer_left</c>, <c>gap</c>, <c>clock_step</c>, <c>analysis</c>, <c>note</c> and so on.</param>
/// <param name="Node">The peer, path or host concerned; empty for none.</param>
/// <param name="Text">The rest, for people: one line, perhaps empty.</param>
public sealed record HistoryEvent(WallTime At, string Kind, string Node, string Text);
