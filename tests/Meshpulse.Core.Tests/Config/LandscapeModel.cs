using System.Globalization;
using System.Text;
using Meshpulse.Core.Config;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Config;

/// <summary>
/// A random landscape as text, together with what has to come of it, line by line. Both are made in one go from the same draws,
/// not one from the other.
/// </summary>
internal sealed class LandscapeModel
{
    private readonly SplitMix64 _random;
    private readonly List<string> _top = [];
    private readonly List<string> _blocks = [];
    private readonly List<string> _groups = [];
    private readonly List<(string Name, string Host, List<string> Groups)> _servers = [];
    private readonly List<string> _expected = [];
    private int _port = 4232;

    public LandscapeModel(SplitMix64 random)
    {
        _random = random;
        AddTop();
        for (var n = random.Below(4); n > 0; n--)
            AddGroup();
        for (var n = 1 + random.Below(6); n > 0; n--)
            AddServer();
        for (var n = random.Below(5); n > 0; n--)
            AddCheck();
        for (var n = random.Below(3); n > 0; n--)
            AddAnalysis();
        _expected.AddRange(_groups.Select(g => $"group {g}: {string.Join(',', _servers.Where(s => s.Groups.Contains(g)).Select(s => s.Name))}"));
    }

    /// <summary>The file.</summary>
    public string Text => string.Concat(_top.Concat(_blocks));

    /// <summary>The lines that <see cref="Describe"/> has to give, unsorted.</summary>
    public IEnumerable<string> Expected => _expected;

    public static IEnumerable<string> Describe(Landscape landscape)
    {
        yield return $"top {landscape.Settings.ReportInterval.Nanoseconds} {landscape.Settings.Window.Nanoseconds} {landscape.Settings.Port} {landscape.Settings.AnalysisDirectory} {landscape.Settings.Limits.Analyses}";
        foreach (var group in landscape.Groups)
            yield return $"group {group}: {string.Join(',', landscape.Members(group))}";
        foreach (var s in landscape.Servers)
            yield return $"server {s.Name} {s.Address} {s.Datacenter} [{string.Join(',', s.Groups)}] {s.Extra1} {s.SendsToAgent}";
        foreach (var c in landscape.Checks)
            yield return $"check {c.From} {c.To} {CheckKinds.NameOf(c.Kind)} {c.HttpUrl} {c.Port} {c.Interval.Nanoseconds} {c.Timeout.Nanoseconds} {c.Payload} {c.Dscp}{Describe(c.Stamp)}";
        foreach (var a in landscape.Analyses)
            yield return $"analysis {a.From} {a.To} {a.Name} {a.MinLoss} {a.Command} {a.Pause.Nanoseconds} {a.TimeLimit.Nanoseconds}";
    }

    private static string Describe(StampCheckSettings? stamp) =>
        stamp is null ? "" : $" {stamp.Flows} [{string.Join(',', stamp.DscpSweep)}] {stamp.MtuProbe} {stamp.KeyFile}";

    /// <summary>The ends of every probe, by the obvious double loop.</summary>
    public static IEnumerable<string> Pairs(Landscape landscape, string from)
    {
        var server = landscape.Servers.Single(s => s.Name == from);
        bool Is(string end, ServerDefinition s) => end == s.Name || s.Groups.Contains(end);
        return landscape.Checks.Where(c => Is(c.From, server))
            .SelectMany(c => landscape.Servers.Where(s => Is(c.To, s)).Select(s => $"{c.Kind} {s.Name} {c.Port ?? (c.Kind == CheckKind.Tcp ? s.Address.Port : 0)} {c.HttpUrl}"))
            .Distinct();
    }

    private void AddTop()
    {
        var (interval, window, analyses) = (Duration.FromSeconds(1), Duration.FromSeconds(5), 16);
        var folder = "/tmp/mehsh";
        if (Chance())
            _top.Add($"report_interval = {Print(interval = Duration.FromMilliseconds(100 + _random.Below(4_000)))}\n");
        if (Chance())
            _top.Add($"window = {Print(window = interval + Duration.FromMilliseconds(_random.Below(100_000)))}\n");
        if (Chance())
            _top.Add($"port = {_port = 1 + _random.Below(65_535)}\n");
        if (Chance())
            _top.Add($"analysis_dir = {Quote(folder = $"/{Word()} {Word()}")}\n");
        if (Chance())
            _top.Add($"max_analyses = {analyses = 1 + _random.Below(1_000)}\n");
        _expected.Add($"top {interval.Nanoseconds} {window.Nanoseconds} {_port} {folder} {analyses}");
    }

    private void AddGroup()
    {
        var name = $"g{_groups.Count}{Word()}";
        _groups.Add(name);
        _blocks.Add($"[[group]]\nname = {Quote(name)}\n");
    }

    private void AddServer()
    {
        var name = $"s{_servers.Count} {Word()}";
        var (written, read) = Address();
        var block = new StringBuilder($"[[server]]\n{(Chance() ? "name" : "identifier")} = {Quote(name)}\nip = {Quote(written)}\n");
        var groups = _groups.Where(_ => Chance()).ToList();
        if (groups.Count > 0 || Chance())
            block.Append(CultureInfo.InvariantCulture, $"groups = [{string.Join(", ", groups.Select(Quote))}]\n");
        string? datacenter = null, extra = null;
        if (Chance())
            block.Append(CultureInfo.InvariantCulture, $"datacenter = {Quote(datacenter = $"{Word()}.{Word()}")}\n");
        if (Chance())
            block.Append(CultureInfo.InvariantCulture, $"extra1 = {Quote(extra = $"$({Word()}) '\"\n\\")}\n");
        var agent = Chance();
        if (agent || Chance())
            block.Append(CultureInfo.InvariantCulture, $"serverdensity_udp_agent = {(agent ? "true" : "false")}\n");
        _servers.Add((name, read, groups));
        _blocks.Add(block.ToString());
        _expected.Add($"server {name} {read} {datacenter} [{string.Join(',', groups)}] {extra} {agent}");
    }

    private void AddCheck()
    {
        var kind = CheckKinds.Names[_random.Below(5)];
        var (from, to) = (End(), End());
        var block = new StringBuilder($"[[check]]\nfrom = {Quote(from)}\nto = {Quote(to)}\ncheck = {Quote(kind)}\n");
        var interval = kind is "udp_ping" or "stamp" ? Duration.FromMilliseconds(25) : Duration.FromSeconds(1);
        var timeout = Duration.FromSeconds(kind == "http" ? 5 : 1);
        var (payload, dscp, url, port) = (kind == "udp_ping" ? 18 : kind == "icmp" ? 56 : kind == "stamp" ? 72 : 0, 0, "", "");
        var stamp = "";
        if (kind == "stamp")
            stamp = StampKeys(block, ref payload, out port);
        if (Chance())
            block.Append(CultureInfo.InvariantCulture, $"interval = {Print(interval = Duration.FromMilliseconds(100 + _random.Below(5_000)))}\n");
        if (Chance())
            block.Append(CultureInfo.InvariantCulture, $"timeout = {Print(timeout = Duration.FromMilliseconds(1 + _random.Below(10_000)))}\n");
        if (payload > 0 && Chance())
            block.Append(CultureInfo.InvariantCulture, $"payload = {payload = (kind == "stamp" ? 112 : 18) + _random.Below(8_800)}\n");
        if (Chance())
            block.Append(CultureInfo.InvariantCulture, $"dscp = {dscp = _random.Below(64)}\n");
        if (kind == "http")
            block.Append(CultureInfo.InvariantCulture, $"http_url = {Quote(url = $"http://h.example/{_random.Below(3)}")}\n");
        if (kind == "tcp")
            block.Append(CultureInfo.InvariantCulture, $"port = {port = $"{1 + _random.Below(65_535)}"}\n");
        _blocks.Add(block.ToString());
        _expected.Add($"check {from} {to} {kind} {url} {port} {interval.Nanoseconds} {timeout.Nanoseconds} {payload} {dscp}{stamp}");
    }

    private string StampKeys(StringBuilder block, ref int payload, out string port)
    {
        var (flows, sweep, mtu, file, number) = (8, "", "", "", 12_222);
        if (Chance())
            block.Append(CultureInfo.InvariantCulture, $"flows = {flows = 1 + _random.Below(64)}\n");
        if (Chance())
            block.Append(CultureInfo.InvariantCulture, $"dscp_sweep = [{sweep = string.Join(',', Enumerable.Range(_random.Below(48), _random.Below(17)))}]\n");
        if (Chance())
            block.Append(CultureInfo.InvariantCulture, $"mtu_probe = {(Chance() ? mtu = $"{576 + _random.Below(8_641)}" : "false")}\n");
        if (Chance())
            block.Append(CultureInfo.InvariantCulture, $"port = {number = 1 + _random.Below(65_535)}\n");
        if (Chance())
            (file, payload) = ($"/{Word()}", 160);
        if (file.Length > 0)
            block.Append(CultureInfo.InvariantCulture, $"key_file = {Quote(file)}\n");
        port = $"{number}";
        return $" {flows} [{sweep}] {mtu} {file}";
    }

    private void AddAnalysis()
    {
        var (from, to, name, loss, command) = (End(), End(), Word(), 1 + _random.Below(1_000), $"run '{Word()}' {{{{server.to.ip}}}}");
        var (pause, limit) = (Duration.FromSeconds(_random.Below(600)), Duration.FromSeconds(1 + _random.Below(3_600)));
        _blocks.Add($"[[analysis]]\nfrom = {Quote(from)}\nto = {Quote(to)}\nname = {Quote(name)}\nmin_loss = {loss}\ncommand = {Quote(command)}\npause = {Print(pause)}\ntime_limit = {Print(limit)}\n");
        _expected.Add($"analysis {from} {to} {name} {loss} {command} {pause.Nanoseconds} {limit.Nanoseconds}");
    }

    private (string Written, string Read) Address()
    {
        var number = _servers.Count + 1;
        var own = Chance() ? 1 + _random.Below(65_535) : 0;
        var port = own > 0 ? own : _port;
        var behind = own > 0 ? $":{own}" : "";
        return _random.Below(5) switch
        {
            0 => ($"10.0.0.{number}{behind}", $"10.0.0.{number}:{port}"),
            1 => ($"v4:10.0.0.{number}{behind}", $"10.0.0.{number}:{port}"),
            2 => ($"[2001:db8::{number:x}]{behind}", $"[2001:db8::{number:x}]:{port}"),
            3 => ($"v6:2001:db8:0::{number:x}", $"[2001:db8::{number:x}]:{_port}"),
            _ => ($"Host{number}.example{behind}", $"host{number}.example:{port}"),
        };
    }

    private string End() => _random.Below(_groups.Count + _servers.Count) is var n && n < _groups.Count ? _groups[n] : _servers[n - _groups.Count].Name;

    private bool Chance() => _random.Below(2) == 0;

    private string Word()
    {
        string[] words = ["web", "db", "Ünï", "x'y", "a\"b", "c\\d", "#", "[e]", "日本"];
        return words[_random.Below(words.Length)];
    }

    private string Print(Duration value) => _random.Below(3) switch
    {
        0 => $"{value.Nanoseconds / 1_000_000}",
        1 => $"{value.Nanoseconds / 1_000_000}.0",
        _ => $"\"{DurationText.Format(value)}\"",
    };

    private static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";
}
