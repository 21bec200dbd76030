using Meshpulse.Cli.Fleet;

namespace Meshpulse.Cli.Commands;

/// <summary>What <c>meshpulse status</c> was asked for, every value checked.</summary>
/// <param name="Node">Who is asked.</param>
/// <param name="Json">JSON instead of a line.</param>
public sealed record StatusArguments(NodeAccess Node, bool Json);
