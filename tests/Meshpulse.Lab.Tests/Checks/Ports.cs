namespace Meshpulse.Lab.Checks;

/// <summary>Ports for reflectors and servers of a test.</summary>
internal static class Ports
{
    /// <summary>One below the ephemeral ports, where no outgoing socket takes it; no two runs have the same.</summary>
    public static int Pick() => Random.Shared.Next(10_000, 30_000);
}
