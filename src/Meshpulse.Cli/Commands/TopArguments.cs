namespace Meshpulse.Cli.Commands;

/// <summary>What <c>meshpulse top</c> was asked for, every value checked.</summary>
/// <param name="Node">The node that is asked, by the port of its metrics.</param>
/// <param name="TokenFile">What it wants to be told is in it; null for nothing.</param>
public sealed record TopArguments(HostPort Node, string? TokenFile);
