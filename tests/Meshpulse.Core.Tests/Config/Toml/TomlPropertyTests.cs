using Meshpulse.Core.Config.Toml;
using Meshpulse.Core.Statistics;

namespace Meshpulse.Core.Tests.Config.Toml;

public sealed class TomlPropertyTests
{
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void However_a_document_is_printed_the_same_is_read(ulong seed)
    {
        var random = new SplitMix64(seed);
        for (var i = 0; i < 2_000; i++)
        {
            var model = TomlModel.Table(random, 4);
            var text = new TomlPrinter(random).Print(model);
            var result = TomlSample.Parse(text);
            Assert.True(result.Root is not null, $"seed {seed}, round {i}:\n{string.Join('\n', result.Errors)}\n{text}");
            var difference = TomlModel.Difference(model, result.Root);
            Assert.True(difference is null, $"seed {seed}, round {i}: {difference}\n{text}");
        }
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public void A_key_given_twice_is_refused_at_its_second_place(ulong seed)
    {
        var random = new SplitMix64(seed);
        for (var i = 0; i < 1_000; i++)
        {
            var model = TomlModel.Table(random, 3);
            model["first"] = 1L;
            var text = $"first = 1\n{new TomlPrinter(random).Print(model)}";
            var result = TomlSample.Parse(text);
            var error = Assert.Single(result.Errors);
            Assert.True(error.Message == "a key is given twice: 'first' stands at line 1 already", $"seed {seed}, round {i}: {error}\n{text}");
            Assert.True(error.Line > 1 && text.Split('\n')[error.Line - 1][error.Column - 1] is 'f' or '"' or '\'', $"seed {seed}, round {i}: {error}\n{text}");
        }
    }
}
