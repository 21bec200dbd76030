using System.Text;
using Meshpulse.Agent.Export;
using Meshpulse.Core.Statistics;

namespace Meshpulse.Agent.Tests.Export;

/// <summary>Label values and help texts that came from a stranger.</summary>
public class HostileTextTests
{
    public static TheoryData<ExpositionFormat> Formats => [ExpositionFormat.PrometheusText, ExpositionFormat.OpenMetrics];

    [Theory]
    [InlineData("a\"} 1\nforged 2", "a\"} 1\nforged 2")]
    [InlineData("\\n\\\\\"", "\\n\\\\\"")]
    [InlineData("trailing\\", "trailing\\")]
    [InlineData("grüße 10 µs 🜁", "grüße 10 µs 🜁")]
    [InlineData("a\rforged 1", "a\uFFFDforged 1")]
    [InlineData("\u0085\u2028\u2029\v\f\0\t", "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD")]
    [InlineData("\u001b[2J\u007f\u009b", "\uFFFD[2J\uFFFD\uFFFD")]
    [InlineData("", "")]
    public void A_value_arrives_as_it_was_but_for_what_could_end_a_line(string given, string read) => Assert.Equal(read, RoundTrip(given));

    [Theory]
    [InlineData(new[] { 0xD800 }, "\uFFFD")]
    [InlineData(new[] { 0xDC00, 'x' }, "\uFFFDx")]
    [InlineData(new[] { 'x', 0xD83D }, "x\uFFFD")]
    [InlineData(new[] { 0xDE00, 0xD83D }, "\uFFFD\uFFFD")]
    [InlineData(new[] { 0xD83D, 0xD83D, 0xDE00 }, "\uFFFD\U0001F600")]
    public void A_lone_surrogate_is_replaced(int[] units, string read) =>
        Assert.Equal(read, RoundTrip(new string([.. units.Select(u => (char)u)])));

    [Fact]
    public void A_long_value_is_cut_between_characters_and_marked()
    {
        const int Max = ExpositionWriter.MaxLabelValueLength;
        Assert.Equal(new string('x', Max), RoundTrip(new string('x', Max)));
        Assert.Equal(new string('x', Max) + "…", RoundTrip(new string('x', Max + 1)));
        Assert.Equal(new string('x', Max - 1) + "…", RoundTrip(new string('x', Max - 1) + "😀"));
        Assert.Equal(new string('"', Max) + "…", RoundTrip(new string('"', 1_000_000)));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Arbitrary_values_round_trip(ExpositionFormat format)
    {
        const ulong Seed = 0x6d657368;
        var random = new SplitMix64(Seed);
        for (var round = 0; round < 3_000; round++)
        {
            var values = Enumerable.Range(0, 3).Select(_ => Arbitrary(random)).ToArray();
            var help = Arbitrary(random);
            var parsed = Page.Parse(format, w =>
            {
                w.Family("x", MetricKind.Gauge, help);
                w.Sample(round, new Label("a", values[0]), new Label("b", values[1]), new Label("c", values[2]));
            });
            var context = $"seed {Seed:x}, round {round}";
            var sample = Assert.Single(parsed.Samples);
            Assert.True(values.Select(Harmless).SequenceEqual([sample.Labels["a"], sample.Labels["b"], sample.Labels["c"]]), context);
            Assert.True(parsed.Helps["x"] == Harmless(help), context);
            Assert.True(sample.Value == round, context);
        }
    }

    /// <summary>What must arrive, said without the writer's code: UTF-8's own replacement for lone surrogates, then ours.</summary>
    private static string Harmless(string text)
    {
        var whole = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        return string.Concat(whole.Select(c => c != '\n' && (c < ' ' || c is >= '\u007f' and < '\u00a0' or '\u2028' or '\u2029') ? '\uFFFD' : c));
    }

    private static string Arbitrary(SplitMix64 random)
    {
        const string Nasty = "\\\"\n\r\t\0\u001b{},=# \u0085\u2028\u2029\uFEFF\uFFFF";
        var units = new char[(int)(random.Next() % 60)];
        for (var i = 0; i < units.Length; i++)
        {
            var draw = random.Next();
            units[i] = (draw % 4) switch
            {
                0 => Nasty[(int)((draw >> 8) % (ulong)Nasty.Length)],
                1 => (char)(0xD800 + ((draw >> 8) % 0x800)),
                2 => (char)(draw >> 8),
                _ => (char)(' ' + ((draw >> 8) % 95)),
            };
        }

        return new string(units);
    }

    private static string RoundTrip(string value)
    {
        var results = Formats.Select(format => Page.Parse(format.Data, w =>
        {
            w.Family("x", MetricKind.Gauge, "h");
            w.Sample(1, new Label("v", value));
        }).Samples.Single().Labels["v"]).Distinct().ToList();
        return Assert.Single(results);
    }
}
