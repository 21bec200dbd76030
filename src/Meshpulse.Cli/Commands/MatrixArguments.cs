using Meshpulse.Cli.Fleet;

namespace Meshpulse.Cli.Commands;

/// <summary>What <c>meshpulse matrix</c> was asked for, every value checked.</summary>
/// <param name="Node">Who is asked.</param>
/// <param name="Figure">What the cells of the text show.</param>
/// <param name="Form">Text, CSV or JSON.</param>
public sealed record MatrixArguments(NodeAccess Node, MatrixFigure Figure, MatrixForm Form);
