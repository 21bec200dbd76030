using Meshpulse.Core.Config.Toml;

namespace Meshpulse.Core.Config;

/// <summary>
/// The names of servers and groups. They share one space, since <c>from</c> and <c>to</c> take either: a name that is both would
/// mean two things.
/// </summary>
internal sealed class NameIndex
{
    private readonly Dictionary<string, (bool IsGroup, TomlPosition At, ServerSet Members)> _names = new(StringComparer.Ordinal);
    // Names compared to find the nearest: two hundred unknown names among ten thousand would take seconds.
    private const int MostCompared = 300_000;

    private readonly ConfigDiagnostics _diagnostics;
    private int _compared;

    /// <summary>Enters the names in the order of their places, and the servers into their groups.</summary>
    public NameIndex(IReadOnlyList<Placed<string>> groups, IReadOnlyList<ServerDraft> servers, ConfigDiagnostics diagnostics)
    {
        _diagnostics = diagnostics;
        var entries = groups.Select(group => (Name: group, Server: -1))
            .Concat(servers.Select((server, number) => (Name: server.Name ?? default, Server: number)).Where(entry => entry.Name.Value is not null));
        foreach (var (name, server) in entries.OrderBy(entry => entry.Name.Position))
            Enter(name, server, servers.Count);
        for (var number = 0; number < servers.Count; number++)
            EnterGroups(servers[number], number);
    }

    /// <summary>The names of the groups.</summary>
    public IEnumerable<string> Groups => _names.Where(entry => entry.Value.IsGroup).Select(entry => entry.Key);

    /// <summary>The names of the servers.</summary>
    public IEnumerable<string> Servers => _names.Where(entry => !entry.Value.IsGroup).Select(entry => entry.Key);

    /// <summary>True where a name is a server's.</summary>
    public bool IsServer(string name) => _names.TryGetValue(name, out var entry) && !entry.IsGroup;

    /// <summary>True where a name is a group's.</summary>
    public bool IsGroup(string name) => _names.TryGetValue(name, out var entry) && entry.IsGroup;

    /// <summary>The pairs of two ends; null, once reported, where an end is unknown, and where it is missing.</summary>
    public ServerPairs? Resolve(Placed<string>? from, Placed<string>? to)
    {
        var (probing, probed) = (Resolve(from, "from"), Resolve(to, "to"));
        return probing is null || probed is null ? null : new ServerPairs(probing, probed);
    }

    private ServerSet? Resolve(Placed<string>? end, string key)
    {
        if (end is not { } name)
            return null;
        if (_names.TryGetValue(name.Value, out var entry))
            return entry.Members;
        _diagnostics.Refuse(name.Position, () => $"{key}: no server and no group is named {ConfigText.Quote(name.Value)}; {Advice(name.Value, [.. _names.Keys])}");
        return null;
    }

    private void Enter(Placed<string> name, int server, int capacity)
    {
        var isGroup = server < 0;
        if (!_names.TryGetValue(name.Value, out var known))
        {
            var members = new ServerSet(capacity);
            if (!isGroup)
                members.Add(server);
            _names.Add(name.Value, (isGroup, name.Position, members));
            return;
        }

        _diagnostics.Refuse(name.Position, known.IsGroup == isGroup
            ? $"the {Kind(isGroup)} {ConfigText.Quote(name.Value)} is defined twice: it stands at line {known.At.Line} already"
            : $"{ConfigText.Quote(name.Value)} is the name of a {Kind(known.IsGroup)} (line {known.At.Line}) and of a {Kind(isGroup)}; from and to could mean either, so rename one");
    }

    private void EnterGroups(ServerDraft server, int number)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var group in server.Groups)
        {
            if (!seen.Add(group.Value))
                _diagnostics.Warn(group.Position, $"groups: {ConfigText.Quote(group.Value)} is listed twice");
            else if (!_names.TryGetValue(group.Value, out var entry))
                RefuseGroup(group);
            else if (entry.IsGroup)
                entry.Members.Add(number);
            else
                _diagnostics.Refuse(group.Position, $"groups: {ConfigText.Quote(group.Value)} is a server (line {entry.At.Line}); groups takes the names of [[group]] blocks");
        }
    }

    private void RefuseGroup(Placed<string> group) =>
        _diagnostics.Refuse(group.Position, () => $"groups: no group is named {ConfigText.Quote(group.Value)}; {Advice(group.Value, [.. Groups])}");

    private string Advice(string name, IReadOnlyList<string> known)
    {
        _compared += known.Count;
        return _compared <= MostCompared && NearestWord.Find(name, known) is { } nearest ? $"did you mean '{nearest}'?"
            : known.Count == 0 ? "there are none in the file"
            : $"there are {ConfigText.List(known)}";
    }

    private static string Kind(bool isGroup) => isGroup ? "group" : "server";
}
