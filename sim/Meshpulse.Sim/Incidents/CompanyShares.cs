using Meshpulse.Core.Statistics;

namespace Meshpulse.Sim.Incidents;

/// <summary>How many of a hundred incidents have company.</summary>
/// <param name="TwoAtOnce">In how many another incident begins meanwhile.</param>
/// <param name="SickObserver">In how many another node is held up throughout; both together are 100 at most.</param>
public sealed record CompanyShares(int TwoAtOnce, int SickObserver)
{
    /// <summary>The company of an incident; the same seed always has the same.</summary>
    public Company Of(ulong seed)
    {
        var chance = new SplitMix64(~seed).Below(100);
        return chance < TwoAtOnce ? Company.TwoAtOnce : chance < TwoAtOnce + SickObserver ? Company.SickObserver : Company.Alone;
    }
}
