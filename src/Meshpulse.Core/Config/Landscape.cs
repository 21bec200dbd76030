using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Core.Config;

/// <summary>
/// A configuration that was read and found sound: servers, their groups, what probes what, and what to run on loss. Immutable;
/// made by <see cref="LandscapeReader"/> only, so every name in it leads somewhere.
/// </summary>
public sealed class Landscape
{
    private readonly FrozenDictionary<string, ImmutableArray<ServerDefinition>> _members;
    private readonly FrozenDictionary<string, ServerDefinition> _servers;
    private readonly FrozenDictionary<string, StampKeyRing> _keys = FrozenDictionary<string, StampKeyRing>.Empty;

    internal Landscape(
        LandscapeSettings settings,
        IEnumerable<string> groups,
        IEnumerable<ServerDefinition> servers,
        IEnumerable<CheckDefinition> checks,
        IEnumerable<AnalysisDefinition> analyses,
        IEnumerable<KeyFilePlace> keyFiles)
    {
        (Settings, Groups, Servers, Checks, Analyses, KeyFiles) = (settings, [.. groups], [.. servers], [.. checks], [.. analyses], [.. keyFiles]);
        _servers = Servers.ToFrozenDictionary(server => server.Name, StringComparer.Ordinal);
        var members = Servers
            .SelectMany(server => server.Groups.Prepend(server.Name), (server, name) => (name, server))
            .ToLookup(pair => pair.name, pair => pair.server, StringComparer.Ordinal);
        _members = Groups.Concat(Servers.Select(server => server.Name))
            .ToFrozenDictionary(name => name, name => members[name].ToImmutableArray(), StringComparer.Ordinal);
    }

    private Landscape(Landscape other, FrozenDictionary<string, StampKeyRing> keys)
    {
        (Settings, Groups, Servers, Checks, Analyses, KeyFiles) = (other.Settings, other.Groups, other.Servers, other.Checks, other.Analyses, other.KeyFiles);
        (_servers, _members, _keys) = (other._servers, other._members, keys);
    }

    /// <summary>What holds for all of it.</summary>
    public LandscapeSettings Settings { get; }

    /// <summary>The names of the groups in the file's order.</summary>
    public ImmutableArray<string> Groups { get; }

    /// <summary>The servers in the file's order.</summary>
    public ImmutableArray<ServerDefinition> Servers { get; }

    /// <summary>The checks in the file's order.</summary>
    public ImmutableArray<CheckDefinition> Checks { get; }

    /// <summary>The analyses in the file's order.</summary>
    public ImmutableArray<AnalysisDefinition> Analyses { get; }

    /// <summary>The files of keys that it needs, each once, in the order in which they are named.</summary>
    public ImmutableArray<KeyFilePlace> KeyFiles { get; }

    /// <summary>The keys of the agents' own STAMP reflectors; null without any, and as long as nobody has read them (<see cref="WithKeys"/>).</summary>
    public StampKeyRing? ReflectorKeys => KeysOf(Settings.StampKeyFile);

    /// <summary>The same with what its files of keys hold: its probes have it, and differ where it does.</summary>
    /// <param name="keys">The keys by the path of each of <see cref="KeyFiles"/>.</param>
    /// <exception cref="ArgumentException">One is missing: half of the keys are none.</exception>
    public Landscape WithKeys(IReadOnlyDictionary<string, StampKeyRing> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return KeyFiles.All(file => keys.ContainsKey(file.Path))
            ? new Landscape(this, keys.ToFrozenDictionary(StringComparer.Ordinal))
            : throw new ArgumentException("The keys of some file are missing.", nameof(keys));
    }

    /// <summary>Finds a server by its name; false where there is none.</summary>
    public bool TryGetServer(string name, [NotNullWhen(true)] out ServerDefinition? server) => _servers.TryGetValue(name, out server);

    /// <summary>The server of a name alone, or the members of a group in the file's order; empty for any other name.</summary>
    public ImmutableArray<ServerDefinition> Members(string serverOrGroup) => _members.GetValueOrDefault(serverOrGroup, []);

    /// <summary>
    /// What a server probes: the checks in the file's order, and the targets of each in the file's order. A server that is among
    /// its own targets probes itself, as in the original. Where several checks come to the same <see cref="ProbeKey"/>, the
    /// first one holds. Empty for a name that is no server's.
    /// </summary>
    public ImmutableArray<ProbeDefinition> ProbesFrom(string serverName)
    {
        if (!TryGetServer(serverName, out var source))
            return [];
        var probes = new OrderedDictionary<ProbeKey, ProbeDefinition>();
        foreach (var check in Checks.Where(check => Includes(check.From, source)))
        {
            foreach (var probe in Members(check.To).Select(target => new ProbeDefinition(source, target, check, KeysOf(check.Stamp?.KeyFile))))
                probes.TryAdd(probe.Key, probe);
        }

        return [.. probes.Values];
    }

    /// <summary>
    /// What a server may have to run, in the file's order. A server is never analysed against itself. Where several analyses of one
    /// name come to the same pair, the first one holds. Empty for a name that is no server's.
    /// </summary>
    public ImmutableArray<AnalysisPair> AnalysesFrom(string serverName)
    {
        if (!TryGetServer(serverName, out var source))
            return [];
        var pairs = new OrderedDictionary<(string Name, string To), AnalysisPair>();
        foreach (var analysis in Analyses.Where(analysis => Includes(analysis.From, source)))
        {
            foreach (var target in Members(analysis.To).Where(target => target != source))
                pairs.TryAdd((analysis.Name, target.Name), new AnalysisPair(analysis, source, target));
        }

        return [.. pairs.Values];
    }

    /// <summary>
    /// Where the reflector of a server listens: <see cref="LandscapeSettings.Listen"/> where the file says so, else the server's own
    /// address; a port written with <c>listen</c> comes before the server's.
    /// </summary>
    public ServerAddress ReflectorOf(ServerDefinition server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return Settings.Listen is { } listen
            ? At(listen, listen.Port != 0 ? listen.Port : server.Address.Port, hasOwnPort: listen.Port != 0)
            : server.Address;
    }

    /// <summary>
    /// Where a server answers STAMP: beside its reflector, at <see cref="LandscapeSettings.StampPort"/>, whatever port stands in its <c>ip</c> or with
    /// <c>listen</c>.
    /// </summary>
    public ServerAddress StampReflectorOf(ServerDefinition server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return Settings.Listen is { } listen ? At(listen, Settings.StampPort, hasOwnPort: true) : server.Address.WithPort(Settings.StampPort);
    }

    private static ServerAddress At(NodeEndpoint listen, int port, bool hasOwnPort) =>
        new(listen.AddressText, listen.IsV6 ? IpFamily.V6 : IpFamily.V4, listen.WithPort(port), port, hasOwnPort);

    private StampKeyRing? KeysOf(string? path) => path is null ? null : _keys.GetValueOrDefault(path);

    private static bool Includes(string serverOrGroup, ServerDefinition server) =>
        serverOrGroup == server.Name || server.Groups.Contains(serverOrGroup, StringComparer.Ordinal);
}
