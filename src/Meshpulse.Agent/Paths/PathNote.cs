using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Paths;

/// <summary>One line about a path.</summary>
/// <param name="At">When it was found.</param>
/// <param name="Path">The path's number.</param>
/// <param name="Labels">What it is called.</param>
/// <param name="Text">What was found: no name of the path in it.</param>
internal sealed record PathNote(WallTime At, int Path, PathLabels Labels, string Text);
