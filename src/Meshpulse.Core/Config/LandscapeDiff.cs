using System.Collections.Immutable;

namespace Meshpulse.Core.Config;

/// <summary>What another reading of the file means for the probes of one server.</summary>
/// <param name="Kept">Probes that go on undisturbed, as the new file has them: names of datacenters may have changed.</param>
/// <param name="Added">Probes to start.</param>
/// <param name="Removed">Probes to stop, as the old file had them.</param>
/// <param name="Changed">Probes that go on in another way.</param>
public sealed record LandscapeDiff(
    ImmutableArray<ProbeDefinition> Kept,
    ImmutableArray<ProbeDefinition> Added,
    ImmutableArray<ProbeDefinition> Removed,
    ImmutableArray<ProbeChange> Changed)
{
    /// <summary>Compares two readings; each list is in its file's order.</summary>
    /// <param name="old">The reading in force, or null at the start.</param>
    /// <param name="new">The next one.</param>
    /// <param name="serverName">Whose probes are meant; a name that a file doesn't have has no probes in it.</param>
    public static LandscapeDiff Between(Landscape? old, Landscape @new, string serverName)
    {
        ArgumentNullException.ThrowIfNull(@new);
        var before = (old?.ProbesFrom(serverName) ?? []).ToDictionary(probe => probe.Key);
        var after = @new.ProbesFrom(serverName);
        var keys = after.Select(probe => probe.Key).ToHashSet();
        var known = after.Where(probe => before.ContainsKey(probe.Key)).Select(probe => new ProbeChange(before[probe.Key], probe)).ToList();
        return new LandscapeDiff(
            [.. known.Where(pair => pair.New.HasSettingsOf(pair.Old)).Select(pair => pair.New)],
            [.. after.Where(probe => !before.ContainsKey(probe.Key))],
            [.. (old?.ProbesFrom(serverName) ?? []).Where(probe => !keys.Contains(probe.Key))],
            [.. known.Where(pair => !pair.New.HasSettingsOf(pair.Old))]);
    }
}
