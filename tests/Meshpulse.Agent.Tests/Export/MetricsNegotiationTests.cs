using Meshpulse.Agent.Export;
using Meshpulse.Core.Statistics;

namespace Meshpulse.Agent.Tests.Export;

public class MetricsNegotiationTests
{
    private const ExpositionFormat Text = ExpositionFormat.PrometheusText;
    private const ExpositionFormat Open = ExpositionFormat.OpenMetrics;

    [Theory]
    [InlineData("", Text)]
    [InlineData("*/*", Text)]
    [InlineData("text/plain", Text)]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Text)]
    [InlineData("application/json", Text)]
    [InlineData("application/openmetrics-text", Open)]
    [InlineData("application/openmetrics-text; version=1.0.0", Open)]
    [InlineData("Application/OpenMetrics-Text ; Version=\"1.0.0\" ; charset=utf-8", Open)]
    [InlineData("application/openmetrics-text; version=0.0.1", Text)]
    [InlineData("application/openmetrics-text; version=2.0.0, */*;q=0.1", Text)]
    [InlineData("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", Open)]
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1", Open)]
    [InlineData("text/plain;version=0.0.4;q=0.6,application/openmetrics-text;version=1.0.0;q=0.5", Text)]
    [InlineData("text/plain;version=0.0.4;q=0.5,application/openmetrics-text;version=1.0.0;q=0.501", Open)]
    [InlineData("text/plain,application/openmetrics-text", Open)]
    [InlineData("application/openmetrics-text;q=0, */*", Text)]
    [InlineData("application/openmetrics-text;q=0.0", Text)]
    [InlineData("text/plain;q=0, */*", Open)]
    [InlineData("text/*;q=0.9,application/openmetrics-text;q=0.8", Text)]
    [InlineData("application/*", Open)]
    [InlineData("application/*, text/*", Text)]
    [InlineData("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,text/plain;version=0.0.4;q=0.3", Text)]
    [InlineData("text/plain;q=2,application/openmetrics-text;q=0.1", Open)]
    [InlineData("application/openmetrics-text;q=-1", Text)]
    [InlineData("application/openmetrics-text;q=0.12345", Text)]
    [InlineData("application/openmetrics-text;q=1e9", Text)]
    [InlineData("application/openmetrics-text;q=", Text)]
    [InlineData("application/openmetrics-text;note=\"a,b;q=0\";q=1", Open)]
    [InlineData("application/openmetrics-text;note=\"never closed, text/plain", Open)]
    [InlineData(",,;;,=;q,application/openmetrics-text,", Open)]
    public void The_header_decides(string accept, ExpositionFormat expected) => Assert.Equal(expected, MetricsNegotiation.Choose(accept));

    [Theory]
    [InlineData("", false)]
    [InlineData("gzip", true)]
    [InlineData("deflate, GZip ;q=0.001", true)]
    [InlineData("gzip;q=0", false)]
    [InlineData("gzip;q=0.000, *", false)]
    [InlineData("*", false)]
    [InlineData("identity, br", false)]
    [InlineData("gzip;q=x, deflate", false)]
    [InlineData(",;,gzip", true)]
    [InlineData("gzippy, x-gzip", false)]
    public void Compressed_goes_only_to_who_names_it(string acceptEncoding, bool expected) =>
        Assert.Equal(expected, MetricsNegotiation.TakesGzip(acceptEncoding));

    [Fact]
    public void A_header_beyond_the_bound_is_not_read()
    {
        Assert.False(MetricsNegotiation.TakesGzip(new string(' ', MetricsNegotiation.MaxHeaderLength) + ",gzip"));
        var padding = new string(' ', MetricsNegotiation.MaxHeaderLength);
        Assert.Equal(Text, MetricsNegotiation.Choose(padding + ",application/openmetrics-text"));
        Assert.Equal(Open, MetricsNegotiation.Choose("application/openmetrics-text," + padding));
    }

    [Fact]
    public void Noise_never_throws_and_an_answer_always_comes()
    {
        const ulong Seed = 12223;
        const string Pieces = "application/openmetrics-text|text/plain|*/*|;q=|;version=|1.0.0|0.0.4|,|;|=|\"|\\|\0|0.5|1|é|\uD800| ";
        var pieces = Pieces.Split('|');
        var random = new SplitMix64(Seed);
        var seen = new HashSet<ExpositionFormat>();
        for (var round = 0; round < 20_000; round++)
        {
            var parts = new string[(int)(random.Next() % 20)];
            for (var i = 0; i < parts.Length; i++)
            {
                parts[i] = pieces[(int)(random.Next() % (ulong)pieces.Length)];
            }

            var header = string.Concat(parts);
            var chosen = MetricsNegotiation.Choose(header);
            Assert.True(Enum.IsDefined(chosen), $"seed {Seed}, round {round}");
            if (!header.Contains("application/openmetrics-text", StringComparison.Ordinal) && !header.Contains("*/*", StringComparison.Ordinal))
            {
                Assert.True(chosen == Text, $"seed {Seed}, round {round}: {header}");
            }

            seen.Add(chosen);
        }

        Assert.Equal(2, seen.Count);
    }

    [Fact]
    public void Content_types_name_version_and_charset()
    {
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", MetricsNegotiation.ContentType(Text));
        Assert.Equal("application/openmetrics-text; version=1.0.0; charset=utf-8", MetricsNegotiation.ContentType(Open));
    }
}
