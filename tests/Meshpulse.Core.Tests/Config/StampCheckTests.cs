using Meshpulse.Core.Config;
using static Meshpulse.Core.Tests.Config.ConfigSample;

namespace Meshpulse.Core.Tests.Config;

/// <summary>What checks of the kind STAMP come to.</summary>
public sealed class StampCheckTests
{
    private const string Check = "[[check]]\nfrom = 'a'\nto = 'b'\ncheck = 'stamp'\n";

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        var probe = Probe("", "");
        Assert.Equal("stamp a -> b", probe.ToString());
        Assert.Equal((Ms(25), Ms(1000), 72, 0, "192.0.2.2:12222"), (probe.Interval, probe.Timeout, probe.Payload, probe.Dscp, probe.Target.ToString()));
        Assert.Equal((8, 0, null, null, null), (probe.Flows, probe.DscpSweep.Length, probe.MtuProbe, probe.KeyFile, probe.Keys));
    }

    [Fact]
    public void Every_key_is_taken()
    {
        var probe = Probe("", "interval = '100us'\ntimeout = '1s'\nflows = 64\npayload = 8972\ndscp = 'EF'\ndscp_sweep = [0, 'af41', 'EF', 63]\nmtu_probe = 1500\nkey_file = '/k'\nport = 862\n");
        Assert.Equal((new(100_000), Ms(1000), 8972, 46, "192.0.2.2:862"), (probe.Interval, probe.Timeout, probe.Payload, probe.Dscp, probe.Target.ToString()));
        Assert.Equal((64, 1500, "/k"), (probe.Flows, probe.MtuProbe, probe.KeyFile));
        Assert.Equal([0, 34, 46, 63], probe.DscpSweep);
    }

    [Theory]
    [InlineData("false", null)]
    [InlineData("true", 9000)]
    [InlineData("576", 576)]
    [InlineData("9216", 9216)]
    public void The_search_for_the_mtu_has_a_largest_size(string written, int? expected) => Assert.Equal(expected, Probe("", $"mtu_probe = {written}\n").MtuProbe);

    [Fact]
    public void Sixteen_code_points_may_be_swept() =>
        Assert.Equal(Enumerable.Range(48, 16), Probe("", $"dscp_sweep = [{string.Join(',', Enumerable.Range(48, 16))}]\n").DscpSweep);

    [Theory]
    [InlineData("", "", null, 72)]
    [InlineData("", "key_file = '/own'\n", "/own", 160)]
    [InlineData("", "key_file = '/own'\nauthenticated = true\n", "/own", 160)]
    [InlineData("", "authenticated = false\n", null, 72)]
    [InlineData("stamp_key_file = '/all'\n", "", "/all", 160)]
    [InlineData("stamp_key_file = '/all'\n", "authenticated = true\npayload = 112\n", "/all", 112)]
    [InlineData("stamp_key_file = '/all'\n", "authenticated = false\npayload = 44\n", null, 44)]
    [InlineData("stamp_key_file = '/all'\n", "key_file = '/own'\n", "/own", 160)]
    public void Who_has_keys_is_authenticated_unless_told_otherwise(string top, string keys, string? file, int payload)
    {
        var probe = Probe(top, keys);
        Assert.Equal((file, payload), (probe.KeyFile, probe.Payload));
    }

    [Fact]
    public void The_port_is_that_of_the_reflectors_and_tells_two_checks_of_a_pair_apart()
    {
        var landscape = Sound($"stamp_port = 99\n{Pair.Replace("192.0.2.2", "192.0.2.2:4777", StringComparison.Ordinal)}{Check}port = 862\n{Check}");
        Assert.Equal(["192.0.2.2:862", "192.0.2.2:99"], landscape.ProbesFrom("a").Select(p => p.Target.ToString()));
        Assert.Equal([862, 99], landscape.ProbesFrom("a").Select(p => p.Key.Port));
    }

    [Theory]
    [InlineData("", "192.0.2.1:12222")]
    [InlineData("port = 99\n", "192.0.2.1:12222")]
    [InlineData("stamp_port = 99\n", "192.0.2.1:99")]
    [InlineData("listen = '0.0.0.0'\n", "0.0.0.0:12222")]
    [InlineData("listen = '[::]:98'\nstamp_port = 99\n", "[::]:99")]
    public void STAMP_is_answered_beside_the_reflector(string top, string expected)
    {
        var landscape = Sound($"{top}{Pair}{Check}");
        Assert.Equal(expected, landscape.StampReflectorOf(landscape.Servers[0]).ToString());
    }

    [Fact]
    public void Files_of_keys_that_are_used_have_a_place_each_once()
    {
        var landscape = Read($"{Pair}{Check}key_file = '/b'\n[[check]]\nfrom = 'b'\nto = 'g'\ncheck = 'stamp'\nkey_file = '/b'\n"
            + "[[check]]\nfrom = 'b'\nto = 'a'\ncheck = 'stamp'\nport = 1\nkey_file = '/c'\nauthenticated = false\n"
            + "[[check]]\nfrom = 'b'\nto = 'a'\ncheck = 'icmp'\nkey_file = '/d'\n").Value!;
        Assert.Equal(["15:12 key_file /b"], landscape.KeyFiles.Select(f => $"{f.Position.Line}:{f.Position.Column} {f.Key} {f.Path}"));

        var more = Sound($"stamp_key_file = '/a'\n{Pair}{Check}key_file = '/b'\n");
        Assert.Equal(["1:18 stamp_key_file /a", "16:12 key_file /b"], more.KeyFiles.Select(f => $"{f.Position.Line}:{f.Position.Column} {f.Key} {f.Path}"));
        Assert.Empty(Sound(Local).KeyFiles);
    }

    [Fact]
    public void Keys_come_to_the_reflector_and_to_each_probe_and_half_of_them_to_nobody()
    {
        var landscape = Sound($"stamp_key_file = '/a'\n{Pair}{Check}key_file = '/b'\n{Check}port = 1\n{Check}port = 2\nauthenticated = false\n");
        var (a, b) = (StampKeys.Of("00"), StampKeys.Of("01"));
        Assert.Null(landscape.ReflectorKeys);
        Assert.Throws<ArgumentException>(() => landscape.WithKeys(new Dictionary<string, Wire.Stamp.StampKeyRing> { ["/a"] = a }));
        var with = landscape.WithKeys(new Dictionary<string, Wire.Stamp.StampKeyRing> { ["/a"] = a, ["/b"] = b });
        Assert.Same(a, with.ReflectorKeys);
        Assert.Equal([b, a, null], with.ProbesFrom("a").Select(p => p.Keys));
        Assert.Equal(["a", "b"], with.Members("g").Select(s => s.Name));
        Assert.True(with.TryGetServer("b", out _));
    }

    private static ProbeDefinition Probe(string top, string keys) => Assert.Single(Sound($"{top}{Pair}{Check}{keys}").ProbesFrom("a"));
}
