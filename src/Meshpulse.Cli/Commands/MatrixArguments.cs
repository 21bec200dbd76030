using Meshpulse.Cli.Fleet;

namespace Meshpulse.Cli.Commands;

/// <summary>What <c>meshpulse matrix</c> was asked for, every value checked.</summary>
/// <param name="Node">The node that is asked, by the port of its metrics.</param>
/// <param name="TokenFile">What it wants to be told is in it; null for nothing.</param>
/// <param name="Figure">What the cells of the text show.</param>
/// <param name="Form">Text, CSV or JSON.</param>
public sealed record MatrixArguments(HostPort Node, string? TokenFile, MatrixFigure Figure, MatrixForm Form);
