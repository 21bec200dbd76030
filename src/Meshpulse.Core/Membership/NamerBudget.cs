namespace Meshpulse.Core.Membership;

/// <summary>
/// What one peer's lists may cause: who names a thousand addresses that don't exist must slow down only what came from
/// its own lists.
/// </summary>
internal sealed class NamerBudget(MeshOptions options)
{
    /// <summary>Addresses remembered on its word.</summary>
    public int Learned { get; set; }

    /// <summary>Of these, those that were called in vain.</summary>
    public int Failing { get; set; }

    /// <summary>Calls under way on its word.</summary>
    public int InFlight { get; set; }

    public TokenBucket Dials = new(options.DialsPerSecondPerNamer, 2 * options.DialsPerSecondPerNamer);
}
