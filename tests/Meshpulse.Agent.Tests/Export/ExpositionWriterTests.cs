using System.Globalization;
using Meshpulse.Agent.Export;

namespace Meshpulse.Agent.Tests.Export;

public class ExpositionWriterTests
{
    public static TheoryData<ExpositionFormat> Formats => [ExpositionFormat.PrometheusText, ExpositionFormat.OpenMetrics];

    [Fact]
    public void Prometheus_text_reads_as_agreed()
    {
        const string Expected =
            """
            # HELP meshpulse_build_info The version that runs.
            # TYPE meshpulse_build_info gauge
            meshpulse_build_info{version="0.1.0"} 1
            # HELP meshpulse_peers Peers by state.
            # TYPE meshpulse_peers gauge
            meshpulse_peers{state="up"} 3
            meshpulse_peers{state="de\"ad\\\n"} 0
            # HELP meshpulse_refused_total Connections refused, with a \\ and a "quote"\nand a second line.
            # TYPE meshpulse_refused_total counter
            meshpulse_refused_total{reason="bad_frame"} 9007199254740993
            # HELP meshpulse_offset_seconds Clock offset.
            # TYPE meshpulse_offset_seconds gauge
            meshpulse_offset_seconds{remote_host_name="10.0.0.2"} -1.2E-05
            meshpulse_offset_seconds{remote_host_name="10.0.0.3"} NaN
            meshpulse_offset_seconds{remote_host_name="10.0.0.4"} +Inf
            meshpulse_offset_seconds{remote_host_name="fe80::1"} -Inf
            # HELP meshmonitor_receive_seconds Time between heartbeats.
            # TYPE meshmonitor_receive_seconds histogram
            meshmonitor_receive_seconds_bucket{host_name="10.0.0.1",remote_host_name="10.0.0.2",le="0.00001"} 1
            meshmonitor_receive_seconds_bucket{host_name="10.0.0.1",remote_host_name="10.0.0.2",le="0.0005"} 3
            meshmonitor_receive_seconds_bucket{host_name="10.0.0.1",remote_host_name="10.0.0.2",le="1"} 3
            meshmonitor_receive_seconds_bucket{host_name="10.0.0.1",remote_host_name="10.0.0.2",le="10"} 6
            meshmonitor_receive_seconds_bucket{host_name="10.0.0.1",remote_host_name="10.0.0.2",le="+Inf"} 10
            meshmonitor_receive_seconds_sum{host_name="10.0.0.1",remote_host_name="10.0.0.2"} 51.5
            meshmonitor_receive_seconds_count{host_name="10.0.0.1",remote_host_name="10.0.0.2"} 10

            """;
        Assert.Equal(Expected, Page.Text(ExpositionFormat.PrometheusText, Page.WriteRepresentative));
    }

    [Fact]
    public void OpenMetrics_reads_as_agreed()
    {
        const string Expected =
            """
            # TYPE meshpulse_build info
            # HELP meshpulse_build The version that runs.
            meshpulse_build_info{version="0.1.0"} 1
            # TYPE meshpulse_peers gauge
            # HELP meshpulse_peers Peers by state.
            meshpulse_peers{state="up"} 3
            meshpulse_peers{state="de\"ad\\\n"} 0
            # TYPE meshpulse_refused counter
            # HELP meshpulse_refused Connections refused, with a \\ and a \"quote\"\nand a second line.
            meshpulse_refused_total{reason="bad_frame"} 9007199254740993
            # TYPE meshpulse_offset_seconds gauge
            # UNIT meshpulse_offset_seconds seconds
            # HELP meshpulse_offset_seconds Clock offset.
            meshpulse_offset_seconds{remote_host_name="10.0.0.2"} -1.2E-05
            meshpulse_offset_seconds{remote_host_name="10.0.0.3"} NaN
            meshpulse_offset_seconds{remote_host_name="10.0.0.4"} +Inf
            meshpulse_offset_seconds{remote_host_name="fe80::1"} -Inf
            # TYPE meshmonitor_receive_seconds histogram
            # UNIT meshmonitor_receive_seconds seconds
            # HELP meshmonitor_receive_seconds Time between heartbeats.
            meshmonitor_receive_seconds_bucket{host_name="10.0.0.1",remote_host_name="10.0.0.2",le="1e-05"} 1
            meshmonitor_receive_seconds_bucket{host_name="10.0.0.1",remote_host_name="10.0.0.2",le="0.0005"} 3
            meshmonitor_receive_seconds_bucket{host_name="10.0.0.1",remote_host_name="10.0.0.2",le="1.0"} 3
            meshmonitor_receive_seconds_bucket{host_name="10.0.0.1",remote_host_name="10.0.0.2",le="10.0"} 6
            meshmonitor_receive_seconds_bucket{host_name="10.0.0.1",remote_host_name="10.0.0.2",le="+Inf"} 10
            meshmonitor_receive_seconds_sum{host_name="10.0.0.1",remote_host_name="10.0.0.2"} 51.5
            meshmonitor_receive_seconds_count{host_name="10.0.0.1",remote_host_name="10.0.0.2"} 10
            # EOF

            """;
        Assert.Equal(Expected, Page.Text(ExpositionFormat.OpenMetrics, Page.WriteRepresentative));
    }

    [Fact]
    public void Meshmonitors_bounds_keep_their_plain_spelling_in_prometheus_text()
    {
        string[] expected =
        [
            "0.00001", "0.0001", "0.0005", "0.001", "0.002", "0.003", "0.004", "0.005", "0.006", "0.007", "0.008", "0.009", "0.01",
            "0.02", "0.03", "0.04", "0.05", "0.1", "0.2", "0.5", "1", "2", "5", "10", "+Inf",
        ];
        Assert.Equal(expected, Bounds(ExpositionFormat.PrometheusText, Page.MeshmonitorBounds));
    }

    [Theory]
    [InlineData(0, "0", "0.0")]
    [InlineData(-0.5, "-0.5", "-0.5")]
    [InlineData(0.001, "0.001", "0.001")]
    [InlineData(0.999, "0.999", "0.999")]
    [InlineData(1.7, "1.7", "1.7")]
    [InlineData(100, "100", "100.0")]
    [InlineData(1e-10, "0.0000000001", "1e-10")]
    [InlineData(1e-9, "0.000000001", "1e-09")]
    [InlineData(0.0001, "0.0001", "0.0001")]
    [InlineData(1e5, "100000", "100000.0")]
    [InlineData(1e6, "1000000", "1e+06")]
    [InlineData(1e10, "10000000000", "1e+10")]
    [InlineData(1234567.5, "1234567.5", "1.2345675e+06")]
    [InlineData(-12e-6, "-0.000012", "-1.2e-05")]
    [InlineData(1e100, null, "1e+100")]
    public void Bounds_are_spelt_as_each_format_has_it(double bound, string? plain, string canonical)
    {
        Assert.Equal([canonical, "+Inf"], Bounds(ExpositionFormat.OpenMetrics, [bound]));
        var text = Bounds(ExpositionFormat.PrometheusText, [bound])[0];
        Assert.Equal(plain ?? text, text);
        Assert.DoesNotContain("e", text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(double.Epsilon)]
    [InlineData(double.MaxValue)]
    [InlineData(-double.MaxValue)]
    [InlineData(2.2250738585072014E-308)]
    [InlineData(0.1 + 0.2)]
    [InlineData(123456789012345680)]
    [InlineData(-1.7976931348623157E-300)]
    public void Bounds_and_values_read_back_as_the_same_number(double number)
    {
        foreach (var format in Formats)
        {
            Assert.Equal(number, double.Parse(Bounds(format, [number])[0], CultureInfo.InvariantCulture));
            var parsed = Page.Parse(format, w =>
            {
                w.Family("x", MetricKind.Gauge, "h");
                w.Sample(number);
            });
            Assert.Equal(number, Assert.Single(parsed.Samples).Value);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void An_empty_page_is_legal(ExpositionFormat format) =>
        Assert.Equal(format == ExpositionFormat.OpenMetrics ? "# EOF\n" : "", Page.Text(format, _ => { }));

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_family_is_declared_once(ExpositionFormat format) => Misuse<InvalidOperationException>(format, w =>
    {
        w.Family("x", MetricKind.Gauge, "h");
        w.Family("y", MetricKind.Gauge, "h");
        w.Family("x", MetricKind.Gauge, "h");
    });

    [Theory]
    [InlineData("x", MetricKind.Histogram, "x_count", MetricKind.Gauge)]
    [InlineData("x_bucket", MetricKind.Gauge, "x", MetricKind.Histogram)]
    [InlineData("x", MetricKind.Counter, "x_total", MetricKind.Gauge)]
    [InlineData("x_total", MetricKind.Gauge, "x", MetricKind.Counter)]
    [InlineData("x", MetricKind.Info, "x_info", MetricKind.Gauge)]
    [InlineData("x", MetricKind.Counter, "x", MetricKind.Histogram)]
    public void Families_whose_sample_names_meet_are_refused(string first, MetricKind firstKind, string second, MetricKind secondKind)
    {
        foreach (var format in Formats)
        {
            Misuse<InvalidOperationException>(format, w =>
            {
                w.Family(first, firstKind, "h");
                w.Family(second, secondKind, "h");
            });
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("1x")]
    [InlineData("a-b")]
    [InlineData("a b")]
    [InlineData("é")]
    [InlineData("x\n")]
    public void A_bad_family_name_is_refused(string name) =>
        Misuse<ArgumentException>(ExpositionFormat.PrometheusText, w => w.Family(name, MetricKind.Gauge, "h"));

    [Fact]
    public void Names_have_a_longest_length()
    {
        var longest = new string('x', ExpositionWriter.MaxNameLength);
        Assert.Single(Page.Parse(ExpositionFormat.OpenMetrics, w => w.Family(longest, MetricKind.Histogram, "h")).Types);
        Misuse<ArgumentException>(ExpositionFormat.OpenMetrics, w => w.Family(longest + "x", MetricKind.Gauge, "h"));
    }

    [Theory]
    [InlineData("x_total", MetricKind.Counter)]
    [InlineData("x_info", MetricKind.Info)]
    [InlineData("x_bucket", MetricKind.Histogram)]
    [InlineData("x_sum", MetricKind.Histogram)]
    public void A_suffix_that_the_writer_adds_is_not_given(string name, MetricKind kind) =>
        Misuse<ArgumentException>(ExpositionFormat.PrometheusText, w => w.Family(name, kind, "h"));

    [Theory]
    [InlineData("x_seconds", MetricKind.Gauge, "bytes")]
    [InlineData("seconds", MetricKind.Gauge, "seconds")]
    [InlineData("xseconds", MetricKind.Gauge, "seconds")]
    [InlineData("x_", MetricKind.Gauge, "")]
    [InlineData("x_seconds", MetricKind.Info, "seconds")]
    public void A_unit_that_the_name_does_not_end_in_is_refused(string name, MetricKind kind, string unit) =>
        Misuse<ArgumentException>(ExpositionFormat.OpenMetrics, w => w.Family(name, kind, "h", unit));

    [Theory]
    [InlineData("")]
    [InlineData("1x")]
    [InlineData("__x")]
    [InlineData("a:b")]
    [InlineData("a\"b")]
    public void A_bad_label_name_is_refused(string name) => MisuseOf(MetricKind.Gauge, w => w.Sample(1, new Label(name, "v")));

    [Fact]
    public void A_label_that_is_there_twice_is_refused() =>
        MisuseOf(MetricKind.Gauge, w => w.Sample(1, new Label("a", "1"), new Label("b", "1"), new Label("a", "2")));

    [Fact]
    public void More_labels_than_the_bound_are_refused() => MisuseOf(
        MetricKind.Gauge,
        w => w.Sample(1, [.. Enumerable.Range(0, ExpositionWriter.MaxLabels + 1).Select(i => new Label("l" + i, ""))]));

    [Fact]
    public void A_histogram_does_not_take_le() => MisuseOf(MetricKind.Histogram, w => w.Histogram([1], [0, 0], 0, new Label("le", "1")));

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_counter_does_not_take_what_is_no_count(double value) => MisuseOf(MetricKind.Counter, w => w.Sample(value));

    [Fact]
    public void A_histogram_takes_only_whole_counts_and_rising_bounds()
    {
        MisuseOf(MetricKind.Histogram, w => w.Histogram([1, 2], [0, 0], 0));
        MisuseOf(MetricKind.Histogram, w => w.Histogram([2, 1], [0, 0, 0], 0));
        MisuseOf(MetricKind.Histogram, w => w.Histogram([1, 1], [0, 0, 0], 0));
        MisuseOf(MetricKind.Histogram, w => w.Histogram([double.NaN], [0, 0], 0));
        MisuseOf(MetricKind.Histogram, w => w.Histogram([1, double.PositiveInfinity], [0, 0, 0], 0));
        MisuseOf(MetricKind.Histogram, w => w.Histogram([1], [0, -1], 0));
        Misuse<OverflowException>(ExpositionFormat.PrometheusText, w =>
        {
            w.Family("x", MetricKind.Histogram, "h");
            w.Histogram([1], [long.MaxValue, 1], 0);
        });
    }

    [Fact]
    public void Samples_belong_to_a_family_of_their_kind()
    {
        Misuse<InvalidOperationException>(ExpositionFormat.PrometheusText, w => w.Sample(1));
        Misuse<InvalidOperationException>(ExpositionFormat.PrometheusText, w => w.Histogram([], [0], 0));
        MisuseOf<InvalidOperationException>(MetricKind.Gauge, w => w.Histogram([], [0], 0));
        MisuseOf<InvalidOperationException>(MetricKind.Gauge, w => w.Info());
        MisuseOf<InvalidOperationException>(MetricKind.Histogram, w => w.Sample(1));
        MisuseOf<InvalidOperationException>(MetricKind.Info, w => w.Sample(1L));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Nothing_follows_the_end(ExpositionFormat format)
    {
        using var buffer = new PooledUtf8Buffer();
        var writer = new ExpositionWriter(buffer, format);
        writer.Family("x", MetricKind.Gauge, "h");
        writer.Complete();
        Assert.Throws<InvalidOperationException>(() => writer.Sample(1));
        Assert.Throws<InvalidOperationException>(() => writer.Family("y", MetricKind.Gauge, "h"));
        Assert.Throws<InvalidOperationException>(writer.Complete);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_page_of_many_segments_is_whole(ExpositionFormat format)
    {
        const int Peers = 400;
        var counts = Enumerable.Range(1, Page.MeshmonitorBounds.Length + 1).Select(i => (long)i).ToArray();
        var parsed = Page.Parse(format, w =>
        {
            w.Family("meshmonitor_receive_seconds", MetricKind.Histogram, "h", "seconds");
            for (var peer = 0; peer < Peers; peer++)
            {
                w.Histogram(Page.MeshmonitorBounds, counts, 1.5, new Label("remote_host_name", $"10.0.{peer / 250}.{peer % 250}"));
            }
        });
        Assert.Equal(Peers * (counts.Length + 2), parsed.Samples.Count);
        Assert.All(parsed.Samples.Where(s => s.Name.EndsWith("_count", StringComparison.Ordinal)), s => Assert.Equal(counts.Sum(), s.Value));
    }

    [Fact]
    public void The_buffer_has_an_end()
    {
        using var buffer = new PooledUtf8Buffer();
        var chunk = new byte[1 << 20];
        Assert.Throws<InvalidOperationException>(() =>
        {
            for (var i = 0; i <= PooledUtf8Buffer.MaxLength / chunk.Length; i++)
            {
                chunk.CopyTo(buffer.GetSpan(chunk.Length));
                buffer.Advance(chunk.Length);
            }
        });
        Assert.InRange(buffer.Length, PooledUtf8Buffer.MaxLength - chunk.Length, PooledUtf8Buffer.MaxLength);
    }

    private static string[] Bounds(ExpositionFormat format, double[] bounds)
    {
        var parsed = Page.Parse(format, w =>
        {
            w.Family("x", MetricKind.Histogram, "h");
            w.Histogram(bounds, new long[bounds.Length + 1], 0);
        });
        return [.. parsed.Samples.Where(s => s.Name == "x_bucket").Select(s => s.Labels["le"])];
    }

    private static void MisuseOf(MetricKind kind, Action<ExpositionWriter> write) => MisuseOf<ArgumentException>(kind, write);

    private static void MisuseOf<T>(MetricKind kind, Action<ExpositionWriter> write)
        where T : Exception
    {
        foreach (var format in Formats)
        {
            Misuse<T>(format, w =>
            {
                w.Family("x", kind, "h");
                write(w);
            });
        }
    }

    private static void Misuse<T>(ExpositionFormat format, Action<ExpositionWriter> write)
        where T : Exception => Assert.ThrowsAny<T>(() => Page.Text(format, write));
}
