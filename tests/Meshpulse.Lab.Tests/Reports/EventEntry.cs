namespace Meshpulse.Lab.Reports;

/// <summary>An event line, without its time.</summary>
/// <param name="Address">The peer; empty where it concerns none.</param>
/// <param name="Text">What happened.</param>
internal sealed record EventEntry(string Address, string Text);
