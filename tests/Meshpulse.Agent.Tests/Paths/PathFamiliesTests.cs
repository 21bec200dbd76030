using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.Hosting;
using Meshpulse.Agent.Paths;
using Meshpulse.Agent.Tests.Export;
using Meshpulse.Core.Config;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Tests.Paths;

/// <summary>What a page says of paths, and how long that is.</summary>
public sealed class PathFamiliesTests
{
    // A page of a thousand is scraped every few seconds, and each series costs its reader some kilobytes of memory.
    private const int MostBytes = 7_500;
    private const int MostSeries = 42;

    private const int Flows = 8;

    private static readonly MonoTime s_start = new(5_000_000_000);
    private static readonly WallTime s_wall = new(1_700_000_000_000_000_000);

    [Fact]
    public void A_path_costs_a_page_no_more_than_is_looked_at_every_day()
    {
        var (few, many) = (Pages(10, isFull: false), Pages(20, isFull: false));
        Assert.InRange((many.Bytes - few.Bytes) / 10, 1, MostBytes);
        Assert.InRange((many.Page.Samples.Count - few.Page.Samples.Count) / 10, 1, MostSeries);
        // Nothing is free that is asked for.
        Assert.True(Pages(10, isFull: true).Bytes > 3 * few.Bytes);
    }

    [Fact]
    public void What_is_served_is_the_same_in_fewer_buckets()
    {
        var (brief, full) = (Pages(3, isFull: false).Page, Pages(3, isFull: true).Page);
        var all = full.Samples.ToDictionary(Key, s => s.Value);
        Assert.All(brief.Samples, s => Assert.Equal(all[Key(s)], s.Value));
        Assert.Equal(full.Types, brief.Types);
        var bounds = brief.Samples.Where(s => s.Name == "meshpulse_path_round_trip_seconds_bucket" && s.Labels["target"] == "target0001");
        Assert.Equal(
            ["0.000025", "0.00005", "0.0001", "0.00025", "0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025", "0.1", "1", "+Inf"],
            bounds.Select(s => s.Labels["le"]));
        Assert.Equal(6, brief.Samples.Count(s => s.Name == "meshpulse_path_one_way_delay_seconds_bucket" && s.Labels["le"] == "+Inf"));
    }

    [Fact]
    public void What_seldom_happens_is_served_from_its_first_time_on()
    {
        var book = Book(2, out var outbox);
        string[] seldom = ["unsent", "late", "queue_drops", "duplicates", "reordered", "corrupted", "strays", "reflector_restarts"];
        Assert.Empty(Seldom());
        outbox.OnTotals(1, Totals(3) with
        {
            Sent = 99,
            Unsent = 1,
            Answered = 8,
            Late = 2,
            LostBackward = 5,
            ReceiveDrops = 3,
            Duplicates = 4,
            Reordered = 5,
            Corrupted = 6,
            Strays = 7,
            Epochs = 8,
        });
        outbox.OnWindow(1, new PathMoment(s_start + Duration.FromSeconds(2), default));
        book.Drain();
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], Seldom().Select(s => s.Value));
        Assert.All(Seldom(), s => Assert.Equal("target0001", s.Labels["target"]));
        Assert.Equal([("40003", 5d)], Page(book).Samples.Where(s => s.Name == "meshpulse_path_flow_lost").Select(s => (s.Labels["source_port"], s.Value)));
        Assert.Equal([5d], Page(book).Samples.Where(s => s.Name == "meshpulse_path_lost" && s.Value > 0).Select(s => s.Value));

        List<ParsedExposition.Sample> Seldom() =>
            [.. seldom.SelectMany(name => Page(book).Samples.Where(s => s.Name == $"meshpulse_path_{name}_total"))];
    }

    private static ParsedExposition Page(PathBook book) =>
        Export.Page.Parse(ExpositionFormat.PrometheusText, writer => new PathFamilies(writer, isFull: false).Write(book));

    /// <summary>The page of so many checks, with the families that all checks have.</summary>
    private static (int Bytes, ParsedExposition Page) Pages(int paths, bool isFull)
    {
        var book = Book(paths, out _);
        var probes = Definitions(paths).Select((p, i) => new ProbeSeries(i, p)).ToList();
        var bytes = Export.Page.Bytes(ExpositionFormat.PrometheusText, writer =>
        {
            CheckFamilies.WriteProbes(writer, probes, isFull);
            new PathFamilies(writer, isFull).Write(book);
        });
        return (bytes.Length, ParsedExposition.Read(bytes, openMetrics: false));
    }

    private static PathBook Book(int paths, out PathOutbox outbox)
    {
        outbox = new PathOutbox(new CheckOutbox(new SpscRing<Sample>(64)));
        var book = new PathBook(outbox);
        var definitions = Definitions(paths);
        for (var i = 0; i < paths; i++)
        {
            var probe = definitions[i];
            book.Add(i, new PathLabels(probe.From.Name, probe.To.Name, CheckFamilies.LabelsOf(probe)), new PathSettings { Flows = Flows }, s_start);
            for (byte flow = 0; flow < Flows; flow++)
            {
                outbox.OnExchange(i, Exchange(flow, 0));
                outbox.OnExchange(i, Exchange(flow, 1));
                outbox.OnTotals(i, Totals(flow) with { Sent = 123_456, Answered = 123_456 });
            }

            outbox.OnWindow(i, new PathMoment(s_start + Duration.FromSeconds(1), default));
            book.Drain();
        }

        Assert.All(book.Series.Values, s => Assert.True(s.Forward.TotalCount > 0 && s.BackwardVariation.TotalCount > 0 && s.Window!.Offset.IsBounded));
        return book;
    }

    /// <summary>Names as in the bench of a thousand paths.</summary>
    private static ImmutableArray<ProbeDefinition> Definitions(int count)
    {
        var file = new StringBuilder("[[group]]\nname = 'targets'\n[[server]]\nname = 'local'\nip = '127.0.0.1'\ndatacenter = 'fra.dc0'\n");
        for (var i = 0; i < count; i++)
        {
            file.Append(CultureInfo.InvariantCulture, $"[[server]]\nname = 'target{i:D4}'\nip = '127.1.0.{i + 1}'\n");
            file.Append(CultureInfo.InvariantCulture, $"datacenter = 'fra.dc{i % 20}'\ngroups = ['targets']\n");
        }

        file.Append("[[check]]\nfrom = 'local'\nto = 'targets'\ncheck = 'stamp'\n");
        return LandscapeReader.Read(Encoding.UTF8.GetBytes(file.ToString()), "x").Value!.ProbesFrom("local");
    }

    private static FlowTotals Totals(byte flow) => default(FlowTotals) with { Flow = flow, SourcePort = (ushort)(40_000 + flow) };

    private static PathExchange Exchange(byte flow, uint sequence)
    {
        var trip = Duration.FromMicroseconds(70 + (13 * sequence));
        var (wall, mono) = (s_wall + Duration.FromMilliseconds(sequence), s_start + Duration.FromMilliseconds(sequence));
        var clocks = new ClockExchange(wall, wall + (trip / 2), wall + (trip / 2), wall + trip, mono, mono + trip);
        return new PathExchange(flow, sequence, clocks, PathStamps.Send, 60, 61, 0, IsSynchronised: true);
    }

    private static string Key(ParsedExposition.Sample sample) =>
        $"{sample.Name} {string.Join(' ', sample.Labels.OrderBy(l => l.Key).Select(l => $"{l.Key}={l.Value}"))}";
}
