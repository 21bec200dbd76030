using System.Globalization;
using System.Text;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Statistics;

/// <summary>Ours against the Java HdrHistogram of Debian's libhdrhistogram-java, to the last bit of every figure.</summary>
public sealed class HdrOracleTests(JavaOracle java) : IClassFixture<JavaOracle>
{
    private const long StartMilliseconds = 1_764_000_000_123;

    public static TheoryData<ulong> Seeds => Samples.Seeds;

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Figures_and_plain_encoding_are_java_s(ulong seed)
    {
        var geometry = Geometry(seed);
        var values = Samples.Draw(seed, geometry.HighestTrackableValue);
        var expected = java.Ask(Request(geometry, 0, values));
        var ours = new HdrHistogram(geometry).Record(values);
        Assert.Equal(WithoutCompressed(expected), JavaOracle.Describe(ours));
        Assert.Equal(values.Min(), ours.ExactMin);
        Assert.Equal(values.Max(), ours.ExactMax);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Corrected_figures_are_java_s(ulong seed)
    {
        var geometry = new HdrGeometry(4_000_000, (int)(seed % 6));
        var values = Samples.Draw(seed, geometry.HighestTrackableValue);
        long interval = new SplitMix64(seed).Below(3) switch { 0 => 1_000, 1 => 9_973, _ => 1_234_567 };
        var ours = new HdrHistogram(geometry);
        foreach (var value in values)
        {
            ours.RecordWithExpectedInterval(value, interval);
        }

        var expected = java.Ask(Request(geometry, interval, values));
        Assert.Equal(WithoutCompressed(expected), JavaOracle.Describe(ours));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Compressed_encodings_are_read_both_ways(ulong seed)
    {
        var geometry = Geometry(seed);
        var values = Samples.Draw(seed, geometry.HighestTrackableValue);
        var ours = new HdrHistogram(geometry).Record(values);
        var description = JavaOracle.Describe(ours);

        var decodedByJava = java.Ask($"decode {Convert.ToBase64String(HdrEncoding.EncodeCompressed(ours))}");
        Assert.Equal(description, WithoutCompressed(decodedByJava));

        var encodedByJava = decodedByJava.Split(" compressed=")[1];
        Assert.Equal(description, JavaOracle.Describe(HdrEncoding.DecodeCompressed(Convert.FromBase64String(encodedByJava))));
    }

    [Fact]
    public void Nothing_recorded_is_encoded_as_by_java() =>
        Assert.Equal(WithoutCompressed(java.Ask(Request(HdrGeometry.Default, 0, []))), JavaOracle.Describe(new HdrHistogram()));

    [Fact]
    public void Java_counts_above_the_highest_up_to_the_end_of_the_layout_and_we_keep_them()
    {
        var geometry = new HdrGeometry(5_000);
        var answer = java.Ask(Request(geometry, 0, [4_999, 5_000, 8_190]));
        var plain = answer.Split(" plain=")[1].Split(' ')[0];
        Assert.Equal(WithoutCompressed(answer), JavaOracle.Describe(HdrEncoding.Decode(Convert.FromBase64String(plain))));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Java_reads_our_log(bool withBaseTime)
    {
        var histograms = Histograms();
        var start = WallTime.FromMicroseconds(StartMilliseconds * 1_000);
        using var text = new StringWriter();
        var writer = new HistogramLogWriter(text);
        writer.WriteFormatVersion();
        writer.WriteComment("a line that readers skip");
        writer.WriteStartTime(start);
        if (withBaseTime)
        {
            writer.WriteBaseTime(start);
        }

        writer.WriteLegend();
        var expected = new StringBuilder().Append(BitConverter.DoubleToInt64Bits(StartMilliseconds / 1_000.0));
        for (var i = 0; i < histograms.Length; i++)
        {
            var begin = start + Duration.FromMilliseconds(i * 1_001);
            var tag = i % 2 == 0 ? null : $"peer-{i}";
            writer.WriteInterval(begin, begin + Duration.FromSeconds(1), histograms[i], tag);

            // Java adds doubles and cuts the milliseconds off.
            var baseSeconds = withBaseTime ? StartMilliseconds / 1_000.0 : 0;
            var first = ((withBaseTime ? 0 : StartMilliseconds) + (i * 1_001)) / 1_000.0;
            var (from, to) = ((long)((first + baseSeconds) * 1_000), (long)((first + baseSeconds + 1.0) * 1_000));
            var plain = Convert.ToBase64String(HdrEncoding.Encode(histograms[i]));
            expected.Append(CultureInfo.InvariantCulture, $" {tag ?? "null"} {from} {to} {plain}");
        }

        Assert.Equal(expected.ToString(), java.Ask($"readlog {Base64(text.ToString())}"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(StartMilliseconds)]
    public void We_read_java_s_log_and_write_the_same_lines(long baseMilliseconds)
    {
        var histograms = Histograms();
        var request = new StringBuilder().Append(CultureInfo.InvariantCulture, $"writelog {StartMilliseconds} {baseMilliseconds}");
        using var ours = new StringWriter();
        var writer = new HistogramLogWriter(ours);
        writer.WriteFormatVersion();
        writer.WriteStartTime(At(StartMilliseconds));
        if (baseMilliseconds != 0)
        {
            writer.WriteBaseTime(At(baseMilliseconds));
        }

        writer.WriteLegend();
        for (var i = 0; i < histograms.Length; i++)
        {
            var begin = StartMilliseconds + (i * 997);
            var tag = i % 2 == 0 ? null : $"peer-{i}";
            var compressed = Convert.ToBase64String(HdrEncoding.EncodeCompressed(histograms[i]));
            request.Append(CultureInfo.InvariantCulture, $" {tag ?? "-"} {begin} {begin + 997} {compressed}");
            writer.WriteInterval(At(begin), At(begin + 997), histograms[i], tag);
        }

        var theirs = Encoding.ASCII.GetString(Convert.FromBase64String(java.Ask(request.ToString())));
        var intervals = new HistogramLogReader(new StringReader(theirs)).ReadAll().ToList();
        Assert.Equal(histograms.Select(JavaOracle.Describe), intervals.Select(i => JavaOracle.Describe(i.Histogram)));
        Assert.All(intervals, (interval, i) =>
        {
            Assert.Equal(At(StartMilliseconds + (i * 997)), interval.Start);
            Assert.Equal(Duration.FromMilliseconds(997), interval.Length);
            Assert.Equal(i % 2 == 0 ? null : $"peer-{i}", interval.Tag);
        });
        // But for the compressor's output and the zone's name, the text is the same.
        Assert.Equal(Comparable(theirs), Comparable(ours.ToString()));
    }

    /// <summary>Java's questions walk the whole dense array: with many digits a wide range would take minutes.</summary>
    private static HdrGeometry Geometry(ulong seed)
    {
        var digits = (int)(seed % 6);
        var wide = seed % 5 == 0 ? long.MaxValue : HdrGeometry.DefaultHighest;
        return new HdrGeometry(digits > 3 ? 4_000_000 : wide, digits, seed % 4 == 1 ? 1_000 : 1);
    }

    private static HdrHistogram[] Histograms() =>
        [.. Enumerable.Range(0, 5).Select(i => new HdrHistogram().Record(i == 3 ? [] : Samples.Draw((ulong)i)))];

    private static WallTime At(long milliseconds) => WallTime.FromMicroseconds(milliseconds * 1_000);

    private static string Request(HdrGeometry g, long interval, long[] values) => string.Join(
        ' ', ["record", g.HighestTrackableValue, g.SignificantDigits, g.LowestDiscernibleValue, interval, .. values.Cast<object>()]);

    private static string WithoutCompressed(string answer) => answer.Split(" compressed=")[0];

    private static string Base64(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));

    private static string[] Comparable(string log) =>
        [.. log.Split('\n').Select(line => line.StartsWith("#[StartTime", StringComparison.Ordinal) ? line.Split(',')[0] : line.Split("HISTFAAA")[0])];
}
