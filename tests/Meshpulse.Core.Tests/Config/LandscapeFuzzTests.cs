using System.Text;
using Meshpulse.Core.Config;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Tests.Config.Toml;

namespace Meshpulse.Core.Tests.Config;

/// <summary>
/// Sound files with changes that keep their form more often than not, so that the mistakes are those of meaning. Whatever comes:
/// no exception, a landscape or errors, every place within the file, every message one printable line.
/// </summary>
public sealed class LandscapeFuzzTests
{
    private static readonly string[] Values =
    [
        "''", "'a'", "'all'", "'local'", "\"\\u0000\"", "\"\\u202e\"", "'1.2.3.4:99999'", "'v6:'", "'[::1'", "0", "-1", "9223372036854775807", "1e400", "nan", "-inf",
        "true", "[]", "['all', 'all']", "[[1]]", "{}", "{ name = 'x' }", "1979-05-27", "'5 s'", "'1e9s'", "'http://'", "'http://[x'", "'tcp'", "'http'", "'stamp'", "[0, 'EF', 'EF', 64]", "'/k'", "'{{server.to.}}'",
    ];

    private static readonly string[] Lines =
    [
        "[[server]]", "[[check]]", "[[analysis]]", "[[group]]", "[server]", "[[servers]]", "[limits]", "from = 'all'", "to = 'fail'", "name = 'all'", "identifier = 'q'", "port = 80",
        "check = 'tcp'", "http_url = 'http://{{server.to.ip}}'", "interval = '100us'", "timeout = '1m'", "payload = 9", "ip = 'x'", "groups = ['all', 'nil']", "window = 1", "max_probes = 1", "max_servers = 1",
        "check = 'stamp'", "stamp_key_file = '/k'", "stamp_port = 4232", "key_file = '/k'", "authenticated = true", "flows = 9", "dscp_sweep = [1, 2]", "mtu_probe = true",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Changed_files_do_no_harm(ulong seed)
    {
        var random = new SplitMix64(seed);
        var sound = 0;
        for (var i = 0; i < 4_000; i++)
        {
            var source = random.Below(3) switch { 0 => ConfigSample.Local, 1 => ConfigSample.Tiers, _ => new LandscapeModel(random).Text };
            var lines = source.Split('\n').ToList();
            for (var n = 1 + random.Below(4); n > 0; n--)
                Change(lines, random);
            sound += Check(string.Join('\n', lines), seed, i) ? 1 : 0;
        }

        Assert.InRange(sound, 100, 3_500); // Both outcomes have to be reached, or this tests little.
    }

    private static void Change(List<string> lines, SplitMix64 random)
    {
        var at = random.Below(lines.Count);
        var equals = lines[at].IndexOf('=');
        switch (random.Below(6))
        {
            case 0 when equals > 0:
                lines[at] = $"{lines[at][..equals]}= {Values[random.Below(Values.Length)]}";
                break;
            case 1:
                lines.Insert(at, Lines[random.Below(Lines.Length)]);
                break;
            case 2 when lines.Count > 1:
                lines.RemoveAt(at);
                break;
            case 3:
                lines.Insert(random.Below(lines.Count), lines[at]);
                break;
            case 4 when lines[at].Length > 0:
                lines[at] = lines[at].Remove(random.Below(lines[at].Length), 1);
                break;
            default:
                lines[at] += " # é";
                break;
        }
    }

    private static bool Check(string text, ulong seed, int round)
    {
        var story = $"seed {seed}, round {round}:\n{text}";
        try
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            var result = LandscapeReader.Read(utf8, ConfigSample.FileName, round % 2 == 0 ? "local" : null);
            Assert.Equal(result.Value is null, result.Errors.Count > 0);
            foreach (var message in result.Errors.Concat(result.Warnings))
            {
                Assert.True(TomlSample.IsWithin(utf8, message.Position), $"{message}");
                Assert.True(message.Message.Length is > 0 and < 2_000 && !message.Message.Any(char.IsControl), $"{message}");
            }

            Assert.Equal(result.Errors.OrderBy(e => e.Position), result.Errors);
            Use(result.Value);
            return result.Value is not null;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(story, e);
        }
    }

    private static void Use(Landscape? landscape)
    {
        foreach (var server in landscape?.Servers ?? [])
        {
            Assert.All(landscape!.ProbesFrom(server.Name), p => Assert.True(p.Target.Port > 0 && (p.Kind == CheckKind.Http) == (p.Url is not null)));
            Assert.All(landscape.AnalysesFrom(server.Name), p => Assert.NotSame(p.From, p.To));
            Assert.NotNull(landscape.ReflectorOf(server));
            Assert.Equal(landscape.Settings.StampPort, landscape.StampReflectorOf(server).Port);
            Assert.Empty(LandscapeDiff.Between(landscape, landscape, server.Name).Changed);
        }
    }
}
