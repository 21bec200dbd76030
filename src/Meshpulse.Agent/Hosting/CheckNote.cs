using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Hosting;

/// <summary>One line for the operator.</summary>
/// <param name="At">When it happened.</param>
/// <param name="Text">What happened: one line without control characters, without a time.</param>
/// <param name="IsDetail">True for what is told only where details were asked for (<c>-x</c>).</param>
public sealed record CheckNote(WallTime At, string Text, bool IsDetail = false);
