using Meshpulse.Core.Statistics;
using static Meshpulse.Core.Tests.Config.ConfigSample;

namespace Meshpulse.Core.Tests.Config;

public sealed class LandscapePropertyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_is_written_is_what_is_read(ulong seed)
    {
        var random = new SplitMix64(seed);
        for (var i = 0; i < 1_000; i++)
        {
            var model = new LandscapeModel(random);
            var result = Read(model.Text);
            var story = $"seed {seed}, round {i}:\n{string.Join('\n', result.Errors)}\n{model.Text}";
            Assert.True(result.Value is not null, story);
            var described = LandscapeModel.Describe(result.Value).Order(StringComparer.Ordinal).ToList();
            Assert.True(model.Expected.Order(StringComparer.Ordinal).SequenceEqual(described), $"{story}\n{string.Join('\n', described)}");
            foreach (var server in result.Value.Servers)
            {
                var probes = result.Value.ProbesFrom(server.Name).Select(p => $"{p.Kind} {p.To} {p.Key.Port} {p.Url}");
                Assert.True(LandscapeModel.Pairs(result.Value, server.Name).SequenceEqual(probes), $"{server}: {story}");
            }
        }
    }
}
