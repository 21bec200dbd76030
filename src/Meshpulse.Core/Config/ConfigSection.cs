namespace Meshpulse.Core.Config;

/// <summary>One kind of block of the file with the keys that it takes, in the order of the documentation.</summary>
internal sealed class ConfigSection
{
    private ConfigSection(string name, string where, params string[] keys) => (Name, Where, Keys) = (name, where, keys);

    /// <summary>The keys above the first header.</summary>
    public static ConfigSection Top { get; } = new(
        "the top level", "at the top of the file, above the first [header]",
        "report_interval", "window", "listen", "port", "stamp_port", "stamp_key_file", "maintenance_file", "analysis_dir", "agent_address", "serverdensity_udp_agent",
        "max_servers", "max_probes", "max_analyses", "max_analysis_output", "history", "max_history", "group", "server", "check", "analysis");

    /// <summary><c>[[group]]</c>.</summary>
    public static ConfigSection Group { get; } = new("[[group]]", "in [[group]]", "name");

    /// <summary><c>[[server]]</c>.</summary>
    public static ConfigSection Server { get; } = new(
        "[[server]]", "in [[server]]",
        "name", "identifier", "ip", "datacenter", "groups", "extra1", "extra2", "extra3", "serverdensity_udp_agent");

    /// <summary><c>[[check]]</c>.</summary>
    public static ConfigSection Check { get; } = new(
        "[[check]]", "in [[check]]", "from", "to", "check", "http_url", "port", "interval", "timeout", "payload", "dscp",
        "flows", "dscp_sweep", "mtu_probe", "key_file", "authenticated");

    /// <summary><c>[[analysis]]</c>.</summary>
    public static ConfigSection Analysis { get; } = new(
        "[[analysis]]", "in [[analysis]]", "from", "to", "name", "min_loss", "on", "command", "start_delay", "pause", "time_limit");

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    /// <summary>The same behind "it belongs".</summary>
    public string Where { get; }

    /// <summary>The keys that it takes.</summary>
    public IReadOnlyList<string> Keys { get; }

    private static ConfigSection[] All => [Top, Group, Server, Check, Analysis];

    /// <summary>How a key with a sound value is written.</summary>
    public static string Example(string key) => key switch
    {
        "name" or "identifier" => $"{key} = \"web1\"",
        "ip" => "ip = \"192.0.2.7\"",
        "datacenter" => "datacenter = \"fra.dc11\"",
        "groups" => "groups = [\"web\", \"db\"]",
        "from" or "to" => $"{key} = \"web\"",
        "check" => "check = \"udp_ping\"",
        "http_url" => "http_url = \"https://{{server.to.ip}}/health\"",
        "port" => "port = 4232",
        "interval" => "interval = \"25ms\"",
        "timeout" or "report_interval" => $"{key} = \"1s\"",
        "window" => "window = \"5s\"",
        "payload" => "payload = 1400",
        "dscp" => "dscp = 46",
        "flows" => "flows = 8",
        "dscp_sweep" => "dscp_sweep = [0, \"AF41\", \"EF\"]",
        "mtu_probe" or "authenticated" or "serverdensity_udp_agent" => $"{key} = true",
        "key_file" or "stamp_key_file" => $"{key} = \"/etc/meshpulse/keys\"",
        "stamp_port" => "stamp_port = 12222",
        "min_loss" => "min_loss = 20",
        "on" => "on = [\"path.loss\", \"path.flow_loss\"]",
        "command" => "command = \"mtr -r -c 100 {{server.to.ip}}\"",
        "start_delay" => "start_delay = \"20s\"",
        "pause" => "pause = \"2m\"",
        "time_limit" => "time_limit = \"30m\"",
        "listen" => "listen = \"0.0.0.0\"",
        "agent_address" => "agent_address = \"127.0.0.1:1113\"",
        "maintenance_file" => "maintenance_file = \"/tmp/mehsh_maintenance\"",
        "history" => "history = \"/var/lib/meshpulse/\"",
        "analysis_dir" => "analysis_dir = \"/tmp/mehsh\"",
        _ when key.StartsWith("max_", StringComparison.Ordinal) => $"{key} = 1000",
        _ => $"{key} = \"text\"",
    };

    /// <summary>What to say about a key that this section doesn't take.</summary>
    public string Explain(string key)
    {
        var shown = ConfigText.Quote(key);
        var others = All.Where(section => section != this && section.Keys.Contains(key, StringComparer.Ordinal)).ToList();
        if (others.Count > 0)
            return $"{shown} is no key of {Name}: it belongs {ConfigText.List([.. others.Select(section => section.Where)], "or")}";
        var place = this == Top ? "at the top level" : $"in {Name}";
        return NearestWord.Find(key, Keys) is { } nearest
            ? $"unknown key {shown} {place}; did you mean '{nearest}'?"
            : $"unknown key {shown} {place}; there are {ConfigText.List(Keys)}";
    }
}
