using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Statistics;

public sealed class HistogramLogTests
{
    private static readonly string Payload = Convert.ToBase64String(HdrEncoding.EncodeCompressed(new HdrHistogram().Record([5_000])));

    [Fact]
    public void Headers_and_lines_are_as_the_format_has_them()
    {
        using var text = new StringWriter();
        var log = new HistogramLogWriter(text);
        var start = WallTime.FromMicroseconds(1_441_812_279_474_999);
        log.WriteFormatVersion();
        log.WriteComment(" by hand");
        log.WriteStartTime(start);
        log.WriteBaseTime(start);
        log.WriteLegend();
        log.WriteInterval(start, start + Duration.FromMilliseconds(1_007), new HdrHistogram().Record([5_000]), "a-b");
        log.WriteInterval(start - Duration.FromMilliseconds(1), start, new HdrHistogram().Record([5_000]), maximumUnitRatio: 1);
        Assert.Equal(
            $"""
            #[Histogram log format version 1.3]
            # by hand
            #[StartTime: 1441812279.474 (seconds since epoch), Wed Sep 09 15:24:39 UTC 2015]
            #[BaseTime: 1441812279.474 (seconds since epoch)]
            "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"
            Tag=a-b,0.000,1.007,0.005,{Payload}
            -0.001,0.001,5003.000,{Payload}

            """,
            text.ToString());
    }

    [Theory]
    [InlineData(-1, "#[StartTime: -0.001 (seconds since epoch), Wed Dec 31 23:59:59 UTC 1969]\n")]
    [InlineData(long.MaxValue, "#[StartTime: 9223372036.854 (seconds since epoch), Fri Apr 11 23:47:16 UTC 2262]\n")]
    [InlineData(long.MinValue, "#[StartTime: -9223372036.855 (seconds since epoch), Tue Sep 21 00:12:43 UTC 1677]\n")]
    public void Every_wall_time_can_start_a_log(long nanoseconds, string expected)
    {
        using var text = new StringWriter();
        new HistogramLogWriter(text).WriteStartTime(new WallTime(nanoseconds));
        Assert.Equal(expected, text.ToString());
    }

    [Fact]
    public void Tags_and_comments_cannot_forge_lines()
    {
        var log = new HistogramLogWriter(TextWriter.Null);
        Assert.Throws<ArgumentException>(() => log.WriteComment("a\n1,2,3,4"));
        Assert.All((string[])["a,b", "a b", "a\rb", "a\nb"], tag =>
            Assert.Throws<ArgumentException>(() => log.WriteInterval(default, default, new HdrHistogram(), tag)));
    }

    [Theory]
    [InlineData("100.5,1.000,0.1,{0}", 100.5, 100.5)]
    [InlineData("#[StartTime: 1000000000.25 (seconds since epoch), Sun]\n5.500,1.000,0.1,{0}", 1000000005.75, 1000000000.25)]
    [InlineData("#[StartTime: 1000000000.25 (x)]\n1000000003.5,1.000,0.1,{0}", 1000000003.5, 1000000000.25)]
    [InlineData("#[StartTime: 7.0 (x)]\n#[BaseTime: 1000.0 (x)]\n9.5,1.000,0.1,{0}", 1009.5, 7.0)]
    [InlineData("# x\n\r\n\"StartTimestamp\",\"x\"\r\nTag=t 9.5 1.000 Infinity {0} more,fields\r\n", 9.5, 9.5)]
    public void Start_times_count_from_the_base_the_start_or_the_epoch(string log, double start, double startOfLog)
    {
        var reader = Reader(log);
        var interval = reader.ReadNext()!;
        Assert.Equal(new WallTime((long)(start * 1e9)), interval.Start);
        Assert.Equal(Duration.FromSeconds(1), interval.Length);
        Assert.Equal(new WallTime((long)(startOfLog * 1e9)), reader.StartTime);
        Assert.Equal(log.Contains("Tag=", StringComparison.Ordinal) ? "t" : null, interval.Tag);
        Assert.Equal(5_003, interval.Histogram.Max);
        Assert.Null(reader.ReadNext());
    }

    [Theory]
    [InlineData("1.0,1.0,1.0")]
    [InlineData("Tag=x")]
    [InlineData("x,1.0,1.0,{0}")]
    [InlineData("1.0,1.0,x,{0}")]
    [InlineData("1e30,1.0,1.0,{0}")]
    [InlineData("1.0,-1e11,1.0,{0}")]
    [InlineData("1.0,1.0,1.0,???")]
    [InlineData("1.0,1.0,1.0,HISTFAAA")]
    [InlineData("#[StartTime:")]
    [InlineData("#[BaseTime: soon]")]
    public void A_bad_line_is_named_and_the_next_one_still_read(string line)
    {
        var reader = Reader("# first\n" + line + "\n2.0,1.0,1.0,{0}\n");
        Assert.Contains("Line 2", Assert.Throws<FormatException>(() => reader.ReadNext()).Message, StringComparison.Ordinal);
        Assert.Equal(WallTime.FromMicroseconds(2_000_000), reader.ReadNext()!.Start);
    }

    [Fact]
    public void A_line_without_end_is_refused_and_not_kept()
    {
        var reader = Reader(new string('9', 40_000_000) + "\n2.0,1.0,1.0,{0}");
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<FormatException>(() => reader.ReadNext());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
        Assert.NotNull(reader.ReadNext());
    }

    [Fact]
    public void Random_text_gives_intervals_or_format_errors()
    {
        const string Alphabet = "0123456789.,-eE #[]\"Tag=StartTime:Base\n\r+/HISTFAAA";
        string[] pieces = ["\nTag=", "#[StartTime: ", "\n1.0,", Payload];
        for (ulong seed = 1; seed <= 300; seed++)
        {
            var random = new SplitMix64(seed);
            var text = string.Concat(Enumerable.Range(0, 400).Select(_ => random.Below(30) == 0
                ? pieces[random.Below(pieces.Length)]
                : Alphabet[random.Below(Alphabet.Length)].ToString()));
            var reader = new HistogramLogReader(new StringReader(text));
            // A call takes at least a line, so that many calls reach the end.
            var ended = false;
            for (var i = 0; i <= text.Length && !ended; i++)
            {
                try
                {
                    ended = reader.ReadNext() is null;
                }
                catch (FormatException e)
                {
                    Assert.StartsWith("Line ", e.Message, StringComparison.Ordinal);
                }
            }

            Assert.True(ended, $"seed {seed}");
        }
    }

    private static HistogramLogReader Reader(string log) =>
        new(new StringReader(log.Replace("{0}", Payload, StringComparison.Ordinal)));
}
