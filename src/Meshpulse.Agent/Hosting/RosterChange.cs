using Meshpulse.Core.Config;

namespace Meshpulse.Agent.Hosting;

/// <summary>What another reading of the file means for the probing thread.</summary>
/// <param name="Removed">Probes that end.</param>
/// <param name="Added">Probes that begin.</param>
/// <param name="Changed">Probes that begin anew under their number, with other packets or to another place.</param>
/// <param name="Kept">How many go on undisturbed.</param>
internal sealed record RosterChange(
    IReadOnlyList<int> Removed, IReadOnlyList<(int Id, ProbeDefinition Definition)> Added, IReadOnlyList<(int Id, ProbeDefinition Definition)> Changed, int Kept)
{
    /// <summary>For the operator.</summary>
    public override string ToString() => $"{Kept} probes go on, {Changed.Count} changed, {Added.Count} added, {Removed.Count} removed";
}
