namespace Meshpulse.Core.Config;

/// <summary>
/// What only shows when blocks are seen together: ends that don't exist, things said twice, things that come to nothing, and
/// bounds. Checks are compared with each other as sets of servers; the pairs themselves, a million of them in a mesh of a
/// thousand, are never written down here.
/// </summary>
internal sealed class LandscapeReview(
    ConfigTable top, LandscapeSettings settings, NameIndex names, IReadOnlyList<ServerDraft> servers, ConfigDiagnostics diagnostics)
{
    private readonly long[] _targets = new long[servers.Count];
    private readonly HashSet<ServerDraft> _unfit = [];

    /// <summary>Looks through everything and reports.</summary>
    public void Look(IReadOnlyList<CheckDraft> checks, IReadOnlyList<AnalysisDraft> analyses)
    {
        LookAtAddresses();
        LookAtPorts();
        var probed = LookAtChecks(checks);
        LookAtAnalyses(analyses, probed, hasAllChecks: probed.Count == checks.Count);
    }

    private void LookAtAddresses()
    {
        var seen = new Dictionary<ServerAddress, ServerDraft>();
        foreach (var server in servers)
        {
            if (server is { HasAddress: true, Name: not null } && !seen.TryAdd(server.Definition.Address, server) && seen[server.Definition.Address] is var first)
                diagnostics.Warn(server.Block.ValueOf("ip"), $"ip {server.Definition.Address} is that of the server {ConfigText.Quote(first.Definition.Name)} too (line {first.Block.ValueOf("ip").Line})");
        }
    }

    // Both are UDP, and stand at the same address: whoever comes second gets no socket.
    private void LookAtPorts()
    {
        var clash = servers.FirstOrDefault(server => server.HasAddress && PortOf(server) == settings.StampPort);
        if (clash is not null)
            diagnostics.Warn(top.Has("stamp_port") ? top.ValueOf("stamp_port") : clash.Block.ValueOf("ip"), $"the reflector of {ConfigText.Quote(clash.Definition.Name)} has the port {settings.StampPort}, where STAMP is answered too (stamp_port at the top level); only one of them can have it");
    }

    private int PortOf(ServerDraft server) => settings.Listen is { Port: > 0 } listen ? listen.Port : server.Definition.Address.Port;

    private List<ServerPairs> LookAtChecks(IReadOnlyList<CheckDraft> checks)
    {
        var seen = new List<(CheckDraft Draft, CheckDefinition Definition, ServerPairs Pairs)>();
        foreach (var draft in checks)
        {
            var pairs = names.Resolve(draft.From, draft.To);
            if (pairs is null || draft.Definition is not { } definition)
                continue;
            WarnEmpty(draft.Block, draft.From!.Value, draft.To!.Value, pairs, "this check probes nothing");
            var twin = seen.Find(earlier => IsSame(earlier.Definition, definition) && earlier.Definition.From == definition.From && earlier.Definition.To == definition.To);
            if (twin.Draft is not null)
            {
                diagnostics.Warn(draft.Block.Position, $"this check is defined twice: it stands at line {twin.Draft.Block.Position.Line} already, and that one holds");
            }
            else
            {
                WarnOverlap(draft, seen.Find(earlier => IsSame(earlier.Definition, definition) && !earlier.Definition.HasSettingsOf(definition) && earlier.Pairs.Meets(pairs)).Draft);
                Count(draft, pairs);
            }

            LookAtTarget(draft, definition, pairs);
            seen.Add((draft, definition, pairs));
        }

        return [.. seen.Select(check => check.Pairs)];
    }

    private static bool IsSame(CheckDefinition a, CheckDefinition b) => (a.Kind, a.HttpUrl, a.Port) == (b.Kind, b.HttpUrl, b.Port);

    private void WarnOverlap(CheckDraft draft, CheckDraft? earlier)
    {
        if (earlier is not null)
            diagnostics.Warn(draft.Block.Position, $"some pairs of this check are probed by the check at line {earlier.Block.Position.Line} already, with other settings; for those pairs that one holds");
    }

    private void WarnEmpty(ConfigTable block, Placed<string> from, Placed<string> to, ServerPairs pairs, string consequence)
    {
        if (pairs.From.Count == 0)
            diagnostics.Warn(from.Position, $"the group {ConfigText.Quote(from.Value)} has no servers, so {consequence}");
        else if (pairs.To.Count == 0)
            diagnostics.Warn(to.Position, $"the group {ConfigText.Quote(to.Value)} has no servers, so {consequence}");
    }

    private void Count(CheckDraft draft, ServerPairs pairs)
    {
        var most = settings.Limits.Probes;
        var full = -1;
        foreach (var server in pairs.From.Members)
        {
            var before = _targets[server];
            _targets[server] += pairs.To.Count;
            if (full < 0 && before <= most && _targets[server] > most)
                full = server;
        }

        if (full >= 0)
            diagnostics.Refuse(draft.Block.Position, $"with this check {ConfigText.Quote(servers[full].Definition.Name)} has {_targets[full]} targets; max_probes at the top level allows {most}");
    }

    private void LookAtTarget(CheckDraft draft, CheckDefinition definition, ServerPairs pairs)
    {
        if (definition is { Kind: CheckKind.Tcp, Port: null } && !draft.Block.Has("port"))
        {
            var portless = pairs.To.Members.FirstOrDefault(server => !servers[server].Definition.Address.HasOwnPort, -1);
            if (portless >= 0)
                diagnostics.Refuse(draft.Block.Position, $"this tcp check has no port, and the ip of {ConfigText.Quote(servers[portless].Definition.Name)} has none either; add one here, as in port = 443");
        }

        if (definition.HttpUrl is { } url)
            LookAtUrl(draft, url, pairs);
    }

    private void LookAtUrl(CheckDraft draft, string url, ServerPairs pairs)
    {
        var template = PlaceholderTemplate.Parse(url);
        WarnMissing(template, draft.Block, "http_url", pairs, withItself: true);
        var fault = !template.Unknown.IsEmpty ? null // Has been said; the URL is none because of it.
            : template.Placeholders.IsEmpty && UrlText.Fault(url) is { } bad ? $"http_url {ConfigText.Quote(url)} {bad}"
            : template.Placeholders.IsEmpty ? null
            : Samples(template, pairs).Select(pair => FaultInUrl(template, pair.From, pair.To)).FirstOrDefault(found => found is not null);
        if (fault is not null)
            diagnostics.Refuse(draft.Block.ValueOf("http_url"), fault);
    }

    // Every kind of value once, not every combination: what makes a URL bad is one bad value, and all IPv4 addresses do alike.
    private IEnumerable<(ServerDefinition From, ServerDefinition To)> Samples(PlaceholderTemplate template, ServerPairs pairs)
    {
        var from = Samples(template, pairs.From, ofTarget: false);
        var to = Samples(template, pairs.To, ofTarget: true);
        return from.SelectMany((one, i) => (i == 0 ? to : to.Take(1)).Select(other => (one, other)));
    }

    private List<ServerDefinition> Samples(PlaceholderTemplate template, ServerSet side, bool ofTarget)
    {
        var used = template.Placeholders.Where(placeholder => placeholder.OfTarget == ofTarget).ToList();
        var sound = side.Members.Where(server => servers[server].HasAddress).Select(server => servers[server].Definition);
        return used.Count == 0 ? [.. sound.Take(1)] : [.. sound.DistinctBy(server => string.Join('\0', used.Select(placeholder => Kind(placeholder, server))))];
    }

    private static string? Kind(Placeholder placeholder, ServerDefinition server) => placeholder.Field == PlaceholderField.Ip
        ? server.Address.Literal is { } literal ? literal.IsV6 ? "v6" : "v4" : "name"
        : placeholder.ValueIn(server);

    private static string? FaultInUrl(PlaceholderTemplate template, ServerDefinition from, ServerDefinition to)
    {
        var filled = UrlText.Expand(template, from, to);
        return UrlText.Fault(filled) is { } fault
            ? $"http_url becomes {ConfigText.Quote(filled)} from {ConfigText.Quote(from.Name)} to {ConfigText.Quote(to.Name)}, which {fault}"
            : null;
    }

    /// <param name="withItself">A server may be the pair of itself; else one that could only be that never fills the placeholder.</param>
    private void WarnMissing(PlaceholderTemplate template, ConfigTable block, string key, ServerPairs pairs, bool withItself)
    {
        foreach (var placeholder in template.Placeholders)
        {
            var (side, others) = placeholder.OfTarget ? (pairs.To, pairs.From) : (pairs.From, pairs.To);
            var (count, first) = others.Common(others);
            var without = side.Members
                .Where(server => withItself || count > 1 || server != first)
                .FirstOrDefault(server => placeholder.ValueIn(servers[server].Definition) is null && !Has(servers[server], placeholder), -1);
            if (without >= 0)
                diagnostics.Warn(block.ValueOf(key), $"{{{{{placeholder}}}}} is empty for the server {ConfigText.Quote(servers[without].Definition.Name)}, which has no {placeholder.Field.ToString().ToLowerInvariant()}");
        }
    }

    private static bool Has(ServerDraft server, Placeholder placeholder) => server.Block.Has(placeholder.Field.ToString().ToLowerInvariant());

    private void LookAtAnalyses(IReadOnlyList<AnalysisDraft> analyses, List<ServerPairs> probed, bool hasAllChecks)
    {
        var seen = new List<(AnalysisDraft Draft, ServerPairs Pairs)>();
        foreach (var draft in analyses)
        {
            if (names.Resolve(draft.From, draft.To) is not { } pairs)
                continue;
            WarnEmpty(draft.Block, draft.From!.Value, draft.To!.Value, pairs, "this analysis never runs");
            WarnMissing(PlaceholderTemplate.Parse(draft.Definition.Command), draft.Block, "command", pairs, withItself: false);
            RefuseUnfitTargets(draft, pairs);
            if (!pairs.IsEmpty)
                WarnIdle(draft, pairs, probed, hasAllChecks);
            if (draft.Definition.Name.Length > 0 && seen.Find(earlier => earlier.Draft.Definition.Name == draft.Definition.Name && earlier.Pairs.MeetsApart(pairs)).Draft is { } twin)
                diagnostics.Warn(draft.Block.Position, $"the analysis {ConfigText.Quote(draft.Definition.Name)} is defined twice for the same servers: it stands at line {twin.Block.Position.Line} already, and for those servers that one holds");
            seen.Add((draft, pairs));
        }
    }

    private void WarnIdle(AnalysisDraft draft, ServerPairs pairs, List<ServerPairs> probed, bool hasAllChecks)
    {
        if (!pairs.MeetsApart(pairs))
            diagnostics.Warn(draft.Block.Position, "this analysis never runs: from and to are the same server, and a server is never analysed against itself");
        else if (hasAllChecks && !probed.Exists(check => check.MeetsApart(pairs)))
            diagnostics.Warn(draft.Block.Position, "this analysis never runs: no check probes any of its pairs, and it starts on loss only");
    }

    private void RefuseUnfitTargets(AnalysisDraft draft, ServerPairs pairs)
    {
        foreach (var target in pairs.To.Members.Select(server => servers[server]))
        {
            if (ConfigText.FaultInFileName(target.Definition.Name) is { } fault && _unfit.Add(target))
                diagnostics.Refuse(target.Name!.Value.Position, $"name {ConfigText.Quote(target.Definition.Name)} {fault}; the reports of the analysis at line {draft.Block.Position.Line} go to a folder of this name");
        }
    }
}
