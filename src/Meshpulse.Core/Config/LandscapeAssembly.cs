using Meshpulse.Core.Config.Toml;

namespace Meshpulse.Core.Config;

/// <summary>
/// Puts a landscape together: each block by itself first, then what blocks say about one another. A mistake in a block leaves a
/// stand-in, so that it makes no further mistakes elsewhere: a server with a bad address is still a server that checks may name.
/// </summary>
internal sealed class LandscapeAssembly(TomlTable root, ConfigDiagnostics diagnostics)
{
    private readonly ConfigTable _top = new(root, ConfigSection.Top, diagnostics);

    /// <summary>Reads all of it; null where the blocks could not be put together. Whether it may be used, the diagnostics say.</summary>
    public Landscape? Read(string? serverName)
    {
        _top.RefuseUnknown();
        var settings = new SettingsReader(_top, diagnostics).Read();
        var sendsToAgent = _top.Flag("serverdensity_udp_agent") ?? false;
        var groups = Blocks("group", ConfigSection.Group, LandscapeLimits.MostBlocks).Select(ReadGroup).OfType<Placed<string>>().ToList();
        var serverReader = new ServerReader(settings, sendsToAgent, diagnostics);
        var servers = Blocks("server", ConfigSection.Server, settings.Limits.Servers).Select(serverReader.Read).ToList();
        var checkReader = new CheckReader(settings, _top, diagnostics);
        var checks = Blocks("check", ConfigSection.Check, LandscapeLimits.MostBlocks).Select(checkReader.Read).ToList();
        var analysisReader = new AnalysisReader(diagnostics);
        var analyses = Blocks("analysis", ConfigSection.Analysis, LandscapeLimits.MostBlocks).Select(analysisReader.Read).ToList();

        var names = new NameIndex(groups, servers, diagnostics);
        RefuseNothing(servers, checks);
        RequireServer(serverName, names, servers);
        new LandscapeReview(_top, settings, names, servers, diagnostics).Look(checks, analyses);
        return diagnostics.Failed ? null : new Landscape(
            settings,
            groups.Select(group => group.Value),
            servers.Select(server => server.Definition),
            checks.Select(check => check.Definition).OfType<CheckDefinition>(),
            analyses.Select(analysis => analysis.Definition),
            KeyFilesOf(settings, checks));
    }

    private IEnumerable<KeyFilePlace> KeyFilesOf(LandscapeSettings settings, List<CheckDraft> checks)
    {
        var own = settings.StampKeyFile is { } path ? new KeyFilePlace(_top.ValueOf("stamp_key_file"), "stamp_key_file", path) : null;
        return checks.Select(check => check.KeyFile).Append(own).OfType<KeyFilePlace>().OrderBy(file => file.Position).DistinctBy(file => file.Path);
    }

    private static Placed<string>? ReadGroup(ConfigTable block)
    {
        block.RefuseUnknown();
        block.Require("name");
        return block.Name("name");
    }

    private IEnumerable<ConfigTable> Blocks(string key, ConfigSection kind, int most)
    {
        var count = 0;
        foreach (var block in _top.Blocks(key, kind))
        {
            if (++count <= most)
                yield return block;
            else if (count == most + 1)
                diagnostics.Refuse(block.Position, $"there are more than {most} {kind.Name} blocks{(key == "server" ? "; max_servers at the top level may allow more" : "")}");
        }
    }

    private void RefuseNothing(List<ServerDraft> servers, List<CheckDraft> checks)
    {
        if (servers.Count == 0 && !_top.Has("server"))
            diagnostics.Refuse(_top.Position, "the file has no [[server]]; it needs one for each server, with its name and ip");
        else if (checks.Count == 0 && !_top.Has("check"))
            diagnostics.Warn(_top.Position, "the file has no [[check]], so nothing is probed");
    }

    private void RequireServer(string? name, NameIndex names, List<ServerDraft> servers)
    {
        if (name is null || names.IsServer(name) || servers.Count == 0)
            return;
        var known = names.Servers.ToList();
        var nearest = names.IsGroup(name) ? "; it is the name of a group"
            : NearestWord.Find(name, known) is { } found ? $"; did you mean '{found}'?"
            : "";
        diagnostics.Refuse(servers[0].Block.Position, $"no server is named {ConfigText.Quote(name)} (--name, or else this host's name); there are {ConfigText.List(known)}{nearest}");
    }
}
