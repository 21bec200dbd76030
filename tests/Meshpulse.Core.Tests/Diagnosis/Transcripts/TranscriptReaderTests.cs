using Meshpulse.Core.Diagnosis.Transcripts;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Diagnosis.Transcripts;

public sealed class TranscriptReaderTests
{
    private static readonly WallTime s_midnight = new(1_800_000_000_000_000_000);

    // As the seed's document shows it.
    private const string Meshmonitor = """
        09:08:51 [   172.31.10.72] New remote endpoint - establishing connection
        09:08:51 [   172.31.10.72] Connected
        09:08:51 [   172.31.9.146] Received connection
        09:08:52 [    172.31.14.3] Broken pipe
        09:08:57 [               ] Connected to 3 servers
        [               ] --------receive-(ms)--------- ---------delta-(ms)---------- ---------send-(ms)-----------
        [               ]   Max  Mean    99  99.9 99.99|  Max  Mean    99  99.9 99.99|  Max  Mean    99  99.9 99.99
        [   172.31.10.72]   5.2   5.1   5.1   5.2   5.2|  0.2   0.0   0.0   0.1   0.2|  5.1   5.1   5.1   5.1   5.1
        [    172.31.14.3]   5.3   5.1   5.1   5.1   5.3|  0.4   0.2   0.2   0.2   0.4|  5.8   5.1   5.1   5.5   5.8
        [   172.31.5.177]   0.0   0.0   0.0   0.0   0.0|  5.2   2.8   5.2   5.2   5.2|     -     -     -     -     -
        """;

    private const string Mehsh = """
        2022-03-25 09:56:37 server: local -> fail, ip: 127.0.222.1, req: 161, resp: 0, max_lat: None, min_lat: None, mode: normal, loss: 161, withloss
        2022-03-25 09:56:37 server: local -> local, ip: 127.0.0.1, req: 161, resp: 161, max_lat: Some(243), min_lat: Some(51), mode: normal, loss: 0, withoutloss
        2022-03-25 09:56:37 datacenter: fra.dc11 -> fra, req: 322, resp: 161, max_lat: None, min_lat: None, mode: normal, loss: 161, withloss
        2022-03-25 09:56:37 datacenter: fra.dc11 -> fra.dc12, req: 161, resp: 0, max_lat: None, min_lat: None, mode: normal, loss: 161, withloss
        """;

    private static readonly string[] s_pieces =
    [
        "[", "]", "] ", "|", " ", "-", "0.0", "1e308", "NaN", "99999999999999999999", ":", "\e[33m", "\e[", "\0", "None", "Some(", "Some(9)", " -> ", ", ip: ", ", req: ", "é", "Gap ", " ms since ", "25:00:00",
    ];

    [Fact]
    public void Meshmonitors_lines_tell_who_came_who_went_and_what_its_table_says()
    {
        var (reader, entries) = Read(Meshmonitor, "me");
        Assert.Equal((10, 10L, 0L), ((int)reader.Lines, reader.Known, reader.Unknown));
        Assert.Equal(
            [(TranscriptEventKind.Joined, "172.31.10.72"), (TranscriptEventKind.Joined, "172.31.9.146"), (TranscriptEventKind.Closed, "172.31.14.3"), (TranscriptEventKind.Reported, "")],
            entries.OfType<TranscriptEvent>().Select(e => (e.Kind, e.Subject)));
        var rows = entries.OfType<TranscriptRow>().ToList();
        Assert.All(rows, row => Assert.Equal(("me", At("09:08:57"), Duration.FromSeconds(5)), (row.Observer, row.At, row.At - row.From)));
        Assert.Equal(["172.31.10.72", "172.31.14.3", "172.31.5.177"], rows.Select(row => row.Subject));
        Assert.Equal(new TranscriptFigures(5.3, 5.1, 5.1, 5.1, 5.3), rows[1].Receive);
        Assert.Equal(new TranscriptFigures(0.4, 0.2, 0.2, 0.2, 0.4), rows[1].Delta);
        Assert.Equal(new TranscriptFigures(5.8, 5.1, 5.1, 5.5, 5.8), rows[1].Send);
        Assert.Equal([false, false, true], rows.Select(row => row.IsSilent));
        Assert.Equal(default(TranscriptFigures), rows[2].Send);
    }

    [Fact]
    public void Mehshs_lines_tell_losses_and_latencies_and_no_server_is_its_own_peer()
    {
        var (reader, entries) = Read(Mehsh, "me");
        Assert.Equal((4L, "local", null), (reader.Known, reader.OwnServer, reader.OwnAddress));
        Assert.Equal("fail", reader.Addresses["127.0.222.1"]);
        var row = Assert.Single(entries.OfType<TranscriptRow>());
        Assert.Equal(("local", "fail", new TranscriptProbes(161, 0, null, null, null, null)), (row.Observer, row.Subject, row.Probes!.Value));
        Assert.Equal(new DateTime(2022, 3, 25, 9, 56, 37, DateTimeKind.Utc), DateTime.UnixEpoch.AddTicks(row.At.Nanoseconds / 100));
        Assert.Equal(
            [("local", "fra.dc11", "fra"), ("local", "fra.dc11", "fra.dc12")],
            entries.OfType<TranscriptSum>().Select(s => (s.Observer, s.Home, s.Datacenter)));
    }

    [Fact]
    public void What_our_own_checks_add_is_read_as_well()
    {
        var (_, entries) = Read("2022-03-25 09:56:37 stamp server: a, b -> c, ip: ::1, req: 10, resp: 7, max_lat: Some(9), min_lat: Some(4), mode: MAINTENANCE, loss: 3, withloss, port: 12222, forward: 2, backward: 1, unknown: 0, dead flows: 1 of 8", "");
        var row = Assert.IsType<TranscriptRow>(Assert.Single(entries));
        Assert.Equal(("a, b", "c", true, new TranscriptProbes(10, 7, 4, 9, 2, 1)), (row.Observer, row.Subject, row.IsMaintenance, row.Probes!.Value));
    }

    [Fact]
    public void Silence_and_gaps_have_their_length()
    {
        var (_, entries) = Read("""
            08:00:02 [       10.0.0.2] No heartbeat for 2.1 s
            08:00:03 [       10.0.0.2] Gap 2130.4 ms since 08:00:00.250, reconstructed; own stall within it 3.5 ms; TCP: rtt 0.1 ms, 0 retransmitted, 0 unacknowledged
            08:00:05 [       10.0.0.2] Gap so far 1000.0 ms since 08:00:04.000; own stall within it 0.0 ms
            """, "me");
        var events = entries.Cast<TranscriptEvent>().ToList();
        Assert.Equal([TranscriptEventKind.Silent, TranscriptEventKind.Gap, TranscriptEventKind.Silent], events.Select(e => e.Kind));
        Assert.Equal([2_100, 2_130.4, 1_000], events.Select(e => e.Length.Milliseconds));
        Assert.Equal(3.5, events[1].OwnStall.Milliseconds);
        Assert.Equal(At("08:00:00") + Duration.FromMilliseconds(250 + 2_130) + Duration.FromMicroseconds(400), events[1].At);
    }

    [Theory]
    [InlineData("Starting meshmonitor. Binding to address 10.0.0.1:12222", "10.0.0.1:12222")]
    [InlineData("Starting meshmonitor. Binding to address /10.0.0.1:12222", "10.0.0.1:12222")]
    [InlineData("Starting meshpulse. Binding to address [::1]:12222", "[::1]:12222")]
    [InlineData("Starting", null)]
    public void A_node_says_its_address_once(string text, string? expected) => Assert.Equal(expected, Read($"08:00:00 [               ] {text}", "").Reader.OwnAddress);

    [Fact]
    public void Colours_carriage_returns_and_commas_do_no_harm()
    {
        var colours = Meshmonitor.Replace("  5.3 ", "\e[33m  5,3\e[0m ", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal);
        Assert.Equal(Read(Meshmonitor, "me").Entries, Read(colours, "me").Entries);
    }

    [Fact]
    public void Times_go_on_over_midnight_and_a_little_disorder_is_none()
    {
        var (reader, entries) = Read("""
            23:59:58 [       10.0.0.2] Connected
            00:00:01 [       10.0.0.2] Broken pipe
            23:59:59 [       10.0.0.2] Connected
            00:00:02 [       10.0.0.2] Connected
            """.Replace("23:59:59 [       10.0.0.2] Connected\n", "", StringComparison.Ordinal), "me");
        Assert.Equal([At("23:59:58"), At("00:00:01") + Duration.FromSeconds(86_400), At("00:00:02") + Duration.FromSeconds(86_400)], entries.Select(e => e.At));
        Assert.Equal(86_402, reader.Elapsed);
        Assert.Equal(2, Read("08:00:02 [       10.0.0.2] Connected\n08:00:01 [       10.0.0.2] Connected", "me").Reader.Elapsed - 28_799);
    }

    [Fact]
    public void The_usual_interval_is_that_of_most_tables()
    {
        var reader = Read(string.Join('\n', new[] { 0, 10, 20, 43, 53 }.Select(s => $"08:00:{s:00} [               ] Connected to 0 servers")), "me").Reader;
        Assert.Equal(Duration.FromSeconds(10), reader.Interval);
        Assert.Equal(TranscriptReader.UsualInterval, Read("", "me").Reader.Interval);
    }

    [Fact]
    public void What_is_none_of_theirs_is_counted_and_its_first_line_named()
    {
        var (reader, entries) = Read("08:00:00 [               ] Hello\n\n{\"version\":1}\nException in thread main\n25:00:00 [               ] x", "me");
        Assert.Equal((1L, 3L, 3L), (reader.Known, reader.Unknown, reader.FirstUnknown));
        Assert.Empty(entries);
        Assert.False(new TranscriptReader("", default).Take("08:00:00 [ a] " + new string('x', TranscriptReader.LongestLine), []));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Damaged_lines_do_no_harm(ulong seed)
    {
        var random = new SplitMix64(seed);
        var sound = (Meshmonitor + "\n" + Mehsh + "\n08:00:03 [       10.0.0.2] Gap 2130.4 ms since 08:00:00.250; own stall within it 3.5 ms").Split('\n');
        var (reader, understood) = (new TranscriptReader("me", s_midnight), 0);
        var entries = new List<TranscriptEntry>();
        var judge = new TranscriptJudge(new Dictionary<string, string>(), Duration.FromSeconds(5));
        for (var i = 0; i < 20_000; i++)
        {
            var line = sound[random.Below(sound.Length)];
            for (var n = random.Below(4); n > 0; n--)
            {
                var at = random.Below(line.Length + 1);
                var piece = s_pieces[random.Below(s_pieces.Length)];
                line = random.Below(3) switch { 0 => line.Insert(at, piece), 1 => line[..at], _ => line[..at] + piece + line[Math.Min(line.Length, at + piece.Length)..] };
            }

            entries.Clear();
            understood += reader.Take(line, entries) ? 1 : 0;
            foreach (var entry in entries)
            {
                Assert.True(entry.Observer.Length <= 255 && entry is not TranscriptRow { Subject.Length: > 255 }, $"seed {seed}, round {i}: {line}");
                judge.Take(entry);
            }

            _ = judge.JudgeUntil(s_midnight + Duration.FromSeconds(i));
        }

        // Both outcomes have to be reached, or this tests little.
        Assert.InRange(understood, 4_000, 19_000);
        Assert.True(judge.Verdicts.Count <= 1_000, $"seed {seed}");
    }

    private static WallTime At(string time) => s_midnight + Duration.FromSeconds((long)TimeSpan.Parse(time, System.Globalization.CultureInfo.InvariantCulture).TotalSeconds);

    private static (TranscriptReader Reader, List<TranscriptEntry> Entries) Read(string text, string node)
    {
        var reader = new TranscriptReader(node, s_midnight);
        var entries = new List<TranscriptEntry>();
        foreach (var line in text.Split('\n'))
        {
            _ = reader.Take(line, entries);
        }

        return (reader, entries);
    }
}
