using Meshpulse.Core.Config;
using Meshpulse.Wire.Stamp;
using static Meshpulse.Core.Tests.Config.ConfigSample;

namespace Meshpulse.Core.Tests.Config;

public sealed class LandscapeDiffTests
{
    private const string Check = "[[check]]\nfrom = 'a'\nto = 'g'\ncheck = 'udp_ping'\n";

    [Theory]
    [InlineData("# only a comment", "", "kept a b")]
    [InlineData("ip = '192.0.2.2'", "ip = '192.0.2.2:4232'", "kept a b")]
    [InlineData("ip = '192.0.2.2'", "ip = '192.0.2.2'\ndatacenter = 'fra'\nextra1 = 'x'", "kept a b")]
    [InlineData("ip = '192.0.2.2'", "ip = '192.0.2.3'", "kept a changed b")]
    [InlineData("ip = '192.0.2.2'", "ip = 'b.example'", "kept a changed b")]
    [InlineData("name = 'b'", "name = 'c'", "kept a added c removed b")]
    [InlineData("check = 'udp_ping'", "check = 'icmp'", "added a b removed a b")]
    [InlineData("check = 'udp_ping'", "check = 'udp_ping'\ninterval = 25", "kept a b")]
    [InlineData("check = 'udp_ping'", "check = 'udp_ping'\ninterval = 26", "changed a b")]
    [InlineData("check = 'udp_ping'", "check = 'udp_ping'\ntimeout = 999", "changed a b")]
    [InlineData("check = 'udp_ping'", "check = 'udp_ping'\npayload = 19", "changed a b")]
    [InlineData("check = 'udp_ping'", "check = 'udp_ping'\ndscp = 'CS1'", "changed a b")]
    [InlineData("check = 'udp_ping'", "check = 'tcp'\nport = 80", "added a b removed a b")]
    [InlineData("from = 'a'", "from = 'b'", "removed a b")]
    [InlineData("[[group]]", "port = 99\n[[group]]", "changed a b")]
    public void A_change_of_the_file_concerns_the_probes_that_it_changes(string before, string after, string expected)
    {
        var text = $"{Pair}{Check}# only a comment\n";
        Assert.Contains(before, text, StringComparison.Ordinal);
        Assert.Equal(expected, Told(LandscapeDiff.Between(Sound(text), Sound(text.Replace(before, after, StringComparison.Ordinal)), "a")));
    }

    [Theory]
    [InlineData("flows = 8", "", "kept a b")]
    [InlineData("flows = 8", "flows = 9", "changed a b")]
    [InlineData("flows = 8", "dscp_sweep = [46]", "changed a b")]
    [InlineData("flows = 8", "mtu_probe = true", "changed a b")]
    [InlineData("flows = 8", "payload = 73", "changed a b")]
    [InlineData("flows = 8", "key_file = '/k'", "changed a b")]
    [InlineData("flows = 8", "authenticated = false", "kept a b")]
    [InlineData("flows = 8", "port = 12222", "kept a b")]
    [InlineData("flows = 8", "port = 862", "added a b removed a b")]
    [InlineData("[[group]]", "port = 99\n[[group]]", "kept a b")]
    [InlineData("ip = '192.0.2.2'", "ip = '192.0.2.2:99'", "kept a b")]
    [InlineData("ip = '192.0.2.2'", "ip = '192.0.2.3:99'", "kept a changed b")]
    [InlineData("[[group]]", "stamp_key_file = '/k'\n[[group]]", "changed a b")]
    public void A_change_of_what_stamp_alone_has_does_too(string before, string after, string expected)
    {
        var text = $"{Pair}[[check]]\nfrom = 'a'\nto = 'g'\ncheck = 'stamp'\nflows = 8\n";
        Assert.Contains(before, text, StringComparison.Ordinal);
        Assert.Equal(expected, Told(LandscapeDiff.Between(Sound(text), Sound(text.Replace(before, after, StringComparison.Ordinal)), "a")));
    }

    [Fact]
    public void Other_keys_in_the_same_file_make_other_probes()
    {
        var landscape = Sound($"stamp_key_file = '/k'\n{Pair}[[check]]\nfrom = 'a'\nto = 'g'\ncheck = 'stamp'\nkey_file = '/own'\n[[check]]\nfrom = 'a'\nto = 'a'\ncheck = 'stamp'\nport = 9\n");
        var old = landscape.WithKeys(Keys("00ff", "01"));
        Assert.Equal("kept a b a", Told(LandscapeDiff.Between(old, landscape.WithKeys(Keys("00ff", "01")), "a")));
        Assert.Equal("kept a changed a b", Told(LandscapeDiff.Between(old, landscape.WithKeys(Keys("00fe", "01")), "a")));
        Assert.Equal("kept a b changed a", Told(LandscapeDiff.Between(old, landscape.WithKeys(Keys("00ff", "02")), "a")));
        Assert.Equal("changed a b a", Told(LandscapeDiff.Between(landscape, old, "a")));

        static Dictionary<string, StampKeyRing> Keys(string own, string all) => new() { ["/own"] = StampKeys.Of(own), ["/k"] = StampKeys.Of(all) };
    }

    [Fact]
    public void At_the_start_everything_is_added_and_without_the_server_everything_removed()
    {
        var landscape = Sound(Pair + Check);
        Assert.Equal("added a b", Told(LandscapeDiff.Between(null, landscape, "a")));
        Assert.Equal("removed a b", Told(LandscapeDiff.Between(landscape, Sound(Tiers), "a")));
        Assert.Equal("", Told(LandscapeDiff.Between(landscape, landscape, "nobody")));
    }

    [Fact]
    public void A_probe_that_is_kept_is_the_new_one_and_a_changed_one_comes_with_the_old()
    {
        var old = Sound(Pair + Check);
        var @new = Sound((Pair + Check).Replace("ip = '192.0.2.2'", "ip = '192.0.2.9'\ndatacenter = 'fra'", StringComparison.Ordinal));
        var diff = LandscapeDiff.Between(old, @new, "a");
        Assert.Same(@new.Servers[0], diff.Kept[0].To);
        Assert.Equal(("192.0.2.2:4232", "192.0.2.9:4232"), (diff.Changed[0].Old.Target.ToString(), diff.Changed[0].New.Target.ToString()));
    }

    private static string Told(LandscapeDiff diff)
    {
        static string Part(string what, IEnumerable<ProbeDefinition> probes) => string.Concat(probes.Select((p, i) => i == 0 ? $"{what} {p.To} " : $"{p.To} "));
        return $"{Part("kept", diff.Kept)}{Part("changed", diff.Changed.Select(c => c.New))}{Part("added", diff.Added)}{Part("removed", diff.Removed)}".TrimEnd();
    }
}
