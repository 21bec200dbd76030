using Meshpulse.Cli.Fleet;

namespace Meshpulse.Cli.Commands;

/// <summary>What <c>meshpulse top</c> was asked for, every value checked.</summary>
/// <param name="Node">Who is asked.</param>
public sealed record TopArguments(NodeAccess Node);
