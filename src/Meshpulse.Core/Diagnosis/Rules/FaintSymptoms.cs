namespace Meshpulse.Core.Diagnosis.Rules;

/// <summary>
/// Directions with too little wrong to say so of them alone. Beside one that is certain, of the same host or between the same datacenters, they count: what
/// is wide does not show everywhere in the same quarter second.
/// </summary>
internal sealed class FaintSymptoms
{
    private static readonly HashSet<(string From, string To)> s_none = [];

    private readonly HashSet<(string From, string To)> _fading = [];
    private readonly HashSet<(string From, string To)> _losing = [];
    private readonly HashSet<(string From, string To)> _rising = [];

    /// <summary>Takes a direction of which nothing was said.</summary>
    public void Take(Direction direction)
    {
        var set = direction.IsFading() ? _fading : direction.HasAnyLoss() ? _losing : direction.IsRising() ? _rising : null;
        set?.Add((direction.From, direction.To));
    }

    /// <summary>Those that may be of a kind.</summary>
    public IReadOnlySet<(string From, string To)> Of(VerdictKind what) => what switch
    {
        VerdictKind.PathBlackhole => _fading,
        VerdictKind.PathLoss or VerdictKind.PathCongestion or VerdictKind.HostReceiveDrops => _losing,
        VerdictKind.PathLatency => _rising,
        _ => s_none,
    };
}
