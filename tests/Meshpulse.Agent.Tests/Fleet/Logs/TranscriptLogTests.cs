using System.Text;
using Meshpulse.Agent.Fleet.Logs;
using Meshpulse.Core.Diagnosis.Transcripts;

namespace Meshpulse.Agent.Tests.Fleet.Logs;

public sealed class TranscriptLogTests
{
    private const string Start = "08:00:00 [               ] Starting meshmonitor. Binding to address 10.0.0.1:12222\n";
    private const string Joined = "08:00:01 [       10.0.0.2] Connected\n";

    [Theory]
    [InlineData(Start, true)]
    [InlineData("Java HotSpot(TM) warning\n\n" + Start, true)]
    [InlineData("2022-03-25 09:56:37 server: a -> b, ip: 127.0.0.1, req: 1, resp: 1, max_lat: None, min_lat: None, mode: normal, loss: 0, withoutloss\n", true)]
    [InlineData("[   172.31.10.72]   5.2   5.1   5.1   5.2   5.2|  0.2   0.0   0.0   0.1   0.2|  5.1   5.1   5.1   5.1   5.1\n", true)]
    [InlineData("{\"version\":1}\n", false)]
    [InlineData("", false)]
    [InlineData("\n\n", false)]
    public void The_first_lines_tell_what_a_file_is(string text, bool expected)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        Assert.Equal(expected, TranscriptLog.IsOne(stream, "f"));
        Assert.Equal(0, stream.Position);
    }

    [Fact]
    public void A_file_of_something_else_is_named_with_its_line()
    {
        using var stream = new MemoryStream("\nnonsense\nmore\n"u8.ToArray());
        var e = Assert.Throws<IOException>(() => TranscriptLog.IsOne(stream, "f.log"));
        Assert.StartsWith("f.log:2: neither what --log-file writes nor what meshmonitor or mehsh print", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_read_for_who_it_is_and_again_for_what_it_says()
    {
        // Longer than any line of theirs, and no text at all.
        var text = Start + new string('x', 100_000) + "\n\0\n" + Joined;
        using var log = new TranscriptLog("f", new MemoryStream([.. Encoding.UTF8.GetBytes(text), 0xff, 0xfe]), "web1");
        Assert.Equal(("10.0.0.1:12222", 5L, 2L, 3L, 2L), (log.Survey.OwnAddress, log.Survey.Lines, log.Survey.Known, log.Survey.Unknown, log.Survey.FirstUnknown));
        for (var again = 0; again < 2; again++)
        {
            log.Begin("web1", default);
            var kinds = new List<TranscriptEventKind>();
            while (log.TryNext())
            {
                Assert.Equal("web1", log.Current!.Observer);
                kinds.Add(Assert.IsType<TranscriptEvent>(log.Current).Kind);
            }

            Assert.Equal([TranscriptEventKind.Started, TranscriptEventKind.Joined], kinds);
            Assert.Null(log.Current);
        }
    }
}
