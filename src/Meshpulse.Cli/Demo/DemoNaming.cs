namespace Meshpulse.Cli.Demo;

/// <summary>That a node said what is wrong.</summary>
/// <param name="Observer">The node that said it.</param>
/// <param name="After">How long after the fault its line was there.</param>
/// <param name="Told">The line from the verdict's name on, with the evidence.</param>
internal sealed record DemoNaming(string Observer, TimeSpan After, string Told);
