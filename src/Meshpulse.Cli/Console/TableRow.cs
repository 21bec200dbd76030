namespace Meshpulse.Cli.Console;

/// <summary>One peer's row of the table.</summary>
/// <param name="Address">The peer, as it is to be shown.</param>
/// <param name="Receive">Time between heartbeats that came.</param>
/// <param name="Delta">The heartbeats' arrival against their stamps, without its sign.</param>
/// <param name="Send">Time between our own wake-ups.</param>
public sealed record TableRow(string Address, CellGroup Receive, CellGroup Delta, CellGroup Send);
