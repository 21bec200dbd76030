using System.Text;
using Meshpulse.Core.Checks;
using Meshpulse.Core.Config;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Tests.Console;

/// <summary>Reports to be shown: the pairs come from a configuration, as they do in the program.</summary>
internal static class SampleReport
{
    /// <summary>2022-03-25T09:56:37.123456789Z.</summary>
    public static readonly WallTime At = new(1_648_202_197_123_456_789);

    /// <summary>The first example of the original's document: one host that answers and one that doesn't.</summary>
    public const string First = """
        [[group]]
        name = "all"
        [[server]]
        name = "fail"
        ip = "127.0.222.1"
        datacenter = "fra.dc12"
        groups = ["all"]
        [[server]]
        name = "local"
        ip = "127.0.0.1"
        datacenter = "fra.dc11"
        groups = ["all"]
        [[check]]
        from = "local"
        to = "all"
        check = "udp_ping"
        """;

    /// <summary>One target in each way, TCP, HTTP and STAMP in two; the kinds are not in their order.</summary>
    public const string AllKinds = """
        [[server]]
        name = "a"
        ip = "192.0.2.1"
        [[server]]
        name = "db1"
        ip = "[2001:db8::7]:4777"
        datacenter = "ber"
        [[check]]
        from = "a"
        to = "db1"
        check = "icmp"
        [[check]]
        from = "a"
        to = "db1"
        check = "tcp"
        port = 5432
        [[check]]
        from = "a"
        to = "db1"
        check = "tcp"
        port = 5433
        [[check]]
        from = "a"
        to = "db1"
        check = "http"
        http_url = "https://{{server.to.ip}}/health?a=1&b=2"
        [[check]]
        from = "a"
        to = "db1"
        check = "http"
        http_url = "http://db1.example/"
        [[check]]
        from = "a"
        to = "db1"
        check = "udp_ping"
        [[check]]
        from = "a"
        to = "db1"
        check = "stamp"
        [[check]]
        from = "a"
        to = "db1"
        check = "stamp"
        port = 862
        """;

    /// <summary>The probes of a server.</summary>
    public static IReadOnlyList<ProbeDefinition> Probes(string toml, string name)
    {
        var result = LandscapeReader.Read(Encoding.UTF8.GetBytes(toml), "test.toml", name);
        Assert.Empty(result.Errors);
        return result.Value!.ProbesFrom(name);
    }

    /// <summary>The first example's report as the original's document has it.</summary>
    public static CheckReport OfFirst(bool isMaintenance = false)
    {
        var probes = Probes(First, "local");
        return Of([Pair(probes[0], Window(161, 0)), Pair(probes[1], Window(161, 161, 51, 243))], isMaintenance);
    }

    /// <summary>A report of <see cref="AllKinds"/>.</summary>
    public static CheckReport OfAllKinds()
    {
        var probes = Probes(AllKinds, "a");
        return Of(
        [
            Pair(probes[0], Window(5, 5, 1_000, 2_000)),
            Pair(probes[1], Window(5, 4, 12, 13)),
            Pair(probes[2], Window(5, 5, 14, 15)),
            Pair(probes[3], Window(5, 4, 9_000, 19_000), new HttpFigures(503, null, Micro(12), Micro(3_400), Micro(5_000), Micro(8_500), -3, "status\n503")),
            Pair(probes[4], Window(0, 0)),
            Pair(probes[5], Window(200, 200, 51, 243)),
            Pair(probes[6], Window(200, 199, 52, 244)) with { Path = OfPath() },
            Pair(probes[7], Window(0, 0)),
        ]);
    }

    /// <summary>One of two flows lost its packet on the way there.</summary>
    private static PathFigures OfPath()
    {
        var delays = new DelayFigures();
        delays.AddRoundTrip(new Duration(51_900));
        delays.AddRoundTrip(new Duration(243_100));
        var alive = new FlowCounters { SourcePort = 40_001, Sent = 20, Answered = 20 };
        alive.AddRoundTrip(new Duration(51_900));
        return new PathFigures(
            new PathCounts(200, 1, 199, 0, 1, 0, 0, 2, 3, 0, 0, 0) { ReceiveDrops = 4 },
            new PathWindow(
                default,
                new MonoTime(1_000_000_000),
                default,
                0,
                delays,
                null,
                new OffsetInterval(new Duration(-2_500), new Duration(1_500)),
                Seen(60),
                Seen(61),
                0,
                default,
                default,
                new MtuFigures(1_400, 1_401),
                [alive, new FlowCounters { SourcePort = 40_002, Dscp = 46, Sent = 1, LostForward = 1 }]),
            1);
    }

    private static SeenField Seen(byte value)
    {
        var field = new SeenField();
        field.See(value);
        return field;
    }

    /// <summary>A report with the sums of its pairs.</summary>
    public static CheckReport Of(IReadOnlyList<ProbeReport> pairs, bool isMaintenance = false) =>
        new(At, Duration.FromSeconds(5), pairs, DatacenterReport.Of(pairs), isMaintenance);

    /// <summary>A pair's report; the totals are those of the window and what is given.</summary>
    public static ProbeReport Pair(ProbeDefinition probe, WindowSums window, HttpFigures? http = null, long unsent = 0) => new(
        probe,
        probe.Target.Host,
        window,
        new ProbeTotals(window.Decided, window.Answered, window.Lost, Late: 2, Duplicate: 3, Unknown: 4, unsent, 0, 0, 0, IcmpErrors: 5),
        http);

    /// <summary>A window with its extremes in microseconds, and 900 ns more, which no reader of whole microseconds sees.</summary>
    public static WindowSums Window(long decided, long answered, long? min = null, long? max = null) =>
        new(decided, answered, min is { } shortest ? new Duration((shortest * 1_000) + 900) : null, max is { } longest ? new Duration((longest * 1_000) + 900) : null);

    private static Duration Micro(long value) => Duration.FromMicroseconds(value);
}
