using Meshpulse.Core.Config;

namespace Meshpulse.Agent.Hosting;

/// <summary>
/// The probes that are in force, by number. A probe keeps its number, and with it its counts, for as long as the file has it, whatever
/// else changes; a number is never used again.
/// </summary>
internal sealed class ProbeRoster
{
    private readonly Dictionary<ProbeKey, int> _ids = [];
    private Landscape? _landscape;
    private int _lastId;

    /// <summary>All of them in the file's order.</summary>
    public IReadOnlyList<(int Id, ProbeDefinition Definition)> Probes { get; private set; } = [];

    /// <summary>Takes another reading of the file into force.</summary>
    /// <param name="next">The reading.</param>
    /// <param name="serverName">Whose probes are meant.</param>
    public RosterChange Apply(Landscape next, string serverName)
    {
        var diff = LandscapeDiff.Between(_landscape, next, serverName);
        _landscape = next;
        var gone = diff.Removed.Select(probe => Take(probe.Key)).ToList();
        foreach (var probe in diff.Added)
        {
            _ids.Add(probe.Key, ++_lastId);
        }

        Probes = [.. next.ProbesFrom(serverName).Select(probe => (_ids[probe.Key], probe))];
        return new RosterChange(
            gone,
            [.. diff.Added.Select(probe => (_ids[probe.Key], probe))],
            [.. diff.Changed.Select(change => (_ids[change.New.Key], change.New))],
            diff.Kept.Length);
    }

    private int Take(ProbeKey key)
    {
        _ids.Remove(key, out var id);
        return id;
    }
}
