using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Diagnosis.Transcripts;

public sealed class TranscriptJudgeTests
{
    private const int Tables = 20;

    // The third node is 10.0.0.3; what goes wrong, goes wrong about its tenth table.
    private const int Odd = 3;
    private const int When = 10;

    [Fact]
    public void Of_nothing_wrong_nothing_is_said() => Assert.Empty(new PrintedMesh(4).Judge(Tables));

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 1, 2, 4 })]
    public void A_peer_that_all_saw_late_stood_still(int[] of)
    {
        // With its own output it says so too; without, all the others do.
        var mesh = new PrintedMesh(4)
        {
            Receive = (_, other, table) => other == Odd && table == When ? 2_130 : 5.2,
            Send = (node, _, table) => node == Odd && table == When ? 2_131 : 5.1,
        };
        var verdict = Assert.Single(mesh.Judge(Tables, of));
        Assert.Equal("host.stalled 10.0.0.3", PrintedMesh.Name(verdict));
        Assert.Contains(verdict.Evidence, e => e.Value is 2_130 or 2_131 && e.Unit == "ms");
        Assert.Contains(verdict.Evidence, e => e is { Figure: "when it was is known to within", Unit: "s", Value: > 0 and < 2 * PrintedMesh.Interval });
        AssertAround(verdict, PrintedMesh.At(0, When));
    }

    [Fact]
    public void A_peer_that_all_saw_late_while_it_sent_in_time_has_a_bad_link()
    {
        var mesh = new PrintedMesh(4) { Receive = (_, other, table) => other == Odd && table == When ? 700 : 5.2 };
        Assert.Equal(["node.uplink 10.0.0.3"], mesh.Judge(Tables).Select(PrintedMesh.Name));
        Assert.Equal(["host.stalled 10.0.0.3"], mesh.Judge(Tables, 1, 2, 4).Select(PrintedMesh.Name));
    }

    [Theory]
    [InlineData(700, "host.stalled 10.0.0.3")]
    [InlineData(5.1, "node.uplink 10.0.0.3")]
    public void One_that_saw_all_late_is_to_blame_itself(double sent, string expected)
    {
        var mesh = new PrintedMesh(4)
        {
            Receive = (node, _, table) => node == Odd && table == When ? 700 : 5.2,
            Send = (node, _, table) => node == Odd && table == When ? sent : 5.1,
        };
        Assert.Equal([expected], mesh.Judge(Tables).Select(PrintedMesh.Name));
    }

    [Theory]
    [InlineData(300, "path.jitter 10.0.0.1 -> 10.0.0.3")]
    [InlineData(2_000, "path.blackhole 10.0.0.1 -> 10.0.0.3")]
    public void One_pair_alone_is_the_path_in_the_direction_in_which_it_was_late(double late, string expected)
    {
        var mesh = new PrintedMesh(4) { Receive = (node, other, table) => (node, other, table) == (Odd, 1, When) ? late : 5.2 };
        var verdict = Assert.Single(mesh.Judge(Tables));
        Assert.Equal((expected, 0.6), (PrintedMesh.Name(verdict), verdict.Confidence));
    }

    [Fact]
    public void Both_directions_of_one_pair_are_the_pair()
    {
        var mesh = new PrintedMesh(4) { Receive = (node, other, table) => (node, other) is (Odd, 1) or (1, Odd) && table == When ? 2_000 : 5.2 };
        Assert.Equal(["path.blackhole 10.0.0.1 <-> 10.0.0.3"], mesh.Judge(Tables).Select(PrintedMesh.Name));
    }

    [Fact]
    public void Two_things_at_once_stay_apart()
    {
        // A path of two others loses a moment while the third stands still for longer.
        var mesh = new PrintedMesh(5)
        {
            Receive = (node, other, table) => table != When ? 5.2 : other == Odd ? 3_000 : (node, other) == (1, 2) ? 400 : 5.2,
            Send = (node, _, table) => node == Odd && table == When ? 3_000 : 5.1,
        };
        Assert.Equal(["host.stalled 10.0.0.3", "path.jitter 10.0.0.2 -> 10.0.0.1"], mesh.Judge(Tables).Select(PrintedMesh.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Everybody_late_from_everybody_is_the_mesh()
    {
        var mesh = new PrintedMesh(4) { Receive = (_, _, table) => table == When ? 1_500 : 5.2 };
        var verdict = Assert.Single(mesh.Judge(Tables));
        Assert.Equal((VerdictKind.MeshPartitioned, 4), (verdict.What, verdict.Where.Parts.Count));
    }

    [Fact]
    public void With_two_nodes_less_is_sure()
    {
        var mesh = new PrintedMesh(2) { Receive = (node, _, table) => node == 1 && table == When ? 2_000 : 5.2 };
        var verdict = Assert.Single(mesh.Judge(Tables));
        Assert.Equal(("path.blackhole 10.0.0.2 -> 10.0.0.1", 0.4), (PrintedMesh.Name(verdict), verdict.Confidence));
    }

    [Fact]
    public void Silence_that_the_original_prints_as_zeros_is_noticed_and_lasts()
    {
        var mesh = new PrintedMesh(4)
        {
            Receive = (_, other, table) => other == Odd && table >= When ? null : 5.2,
            Prints = (node, table) => node != Odd || table < When,
        };
        var verdict = Assert.Single(mesh.Judge(Tables));
        Assert.Equal(("host.gone 10.0.0.3", null), (PrintedMesh.Name(verdict), verdict.Until));
        AssertAround(verdict, PrintedMesh.At(0, When - 1));
    }

    [Fact]
    public void A_connection_that_all_lose_is_a_program_that_ended_until_it_comes_again()
    {
        string Events(int node, int table) => node == Odd ? "" : (table, node) switch
        {
            (When, _) => $"08:00:48 [       10.0.0.3] {(node == 1 ? "Broken pipe" : "Connection reset")}\n",
            (When + 6, _) => "08:01:18 [       10.0.0.3] Received connection\n",
            _ => "",
        };

        var mesh = new PrintedMesh(4) { Events = Events, Prints = (node, table) => node != Odd || table < When, Shows = (_, other, table) => other != Odd || table is < When or >= When + 6 };
        foreach (var of in new int[][] { [], [1, 2, 4] })
        {
            var gone = Assert.Single(mesh.Judge(When + 4, of));
            Assert.Equal(("host.process_gone 10.0.0.3", null), (PrintedMesh.Name(gone), gone.Until));
            var ended = Assert.Single(mesh.Judge(When + 12, of));
            Assert.Equal("host.process_gone 10.0.0.3", PrintedMesh.Name(ended));
            AssertAround(ended, new TimeSpan(8, 0, 48));
            Assert.InRange(ended.Until!.Value.Nanoseconds, new TimeSpan(8, 1, 10).Ticks * 100, new TimeSpan(8, 1, 20).Ticks * 100);
        }
    }

    [Fact]
    public void A_closing_that_one_sees_alone_is_nothing()
    {
        var mesh = new PrintedMesh(4) { Events = (node, table) => (node, table) == (1, When) ? "08:00:48 [       10.0.0.3] Broken pipe\n" : "" };
        Assert.Empty(mesh.Judge(Tables));
    }

    [Fact]
    public void A_program_that_begins_again_says_so_itself()
    {
        var mesh = new PrintedMesh(4) { Events = (node, table) => (node, table) == (Odd, When) ? "08:00:49 [               ] Starting meshmonitor. Binding to address 10.0.0.3:12222\n" : "" };
        Assert.Equal(["host.restarted 10.0.0.3"], mesh.Judge(Tables).Select(PrintedMesh.Name));
    }

    [Fact]
    public void A_gap_that_says_how_long_its_observer_stood_still_is_his()
    {
        var mesh = new PrintedMesh(4)
        {
            Events = (node, table) => (node, table) == (1, When) ? "08:00:48 [       10.0.0.3] Gap 900.0 ms since 08:00:47.050; own stall within it 850.0 ms\n" : "",
        };
        Assert.Equal(["host.stalled 10.0.0.1"], mesh.Judge(Tables).Select(PrintedMesh.Name));
    }

    [Fact]
    public void A_slow_path_whose_maxima_are_always_large_is_as_usual()
    {
        // Heartbeats that wait for acknowledgements over 25 ms travel in bunches.
        var mesh = new PrintedMesh(3) { Receive = (node, other, _) => node + other == 3 ? 60 + node : 5.2 };
        Assert.Empty(mesh.Judge(Tables));
    }

    [Fact]
    public void Lines_of_mehsh_and_meshmonitor_are_of_one_mesh()
    {
        // All three name the third server, by name or by address, and it is one incident.
        static string Line(int second, string from, string to, string ip, int answered) =>
            $"2022-03-25 09:00:{second:00} server: {from} -> {to}, ip: {ip}, req: 200, resp: {answered}, max_lat: {(answered > 0 ? "Some(243)" : "None")}, min_lat: {(answered > 0 ? "Some(51)" : "None")}, mode: normal, loss: {200 - answered}, {(answered < 200 ? "withloss" : "withoutloss")}\n";

        string Of(string from, string other, string ip) => string.Concat(Enumerable.Range(0, 10).Select(i =>
            Line(i * 5, from, other, ip, 200) + Line(i * 5, from, "web3", "10.0.0.3", i == 6 ? 0 : 200)));

        var verdict = Assert.Single(PrintedMesh.Judge(Of("web1", "web2", "10.0.0.2"), Of("web2", "web1", "10.0.0.1")));
        Assert.Equal("host.gone web3", PrintedMesh.Name(verdict));
        Assert.Equal(2, verdict.Evidence.Count(e => e.Figure == "probes of 200 to web3 without an answer" && e.Value == 200));
    }

    [Fact]
    public void Who_begins_loses_nothing_yet_and_who_never_answers_is_told()
    {
        string Of(int lost) => string.Concat(Enumerable.Range(0, 40).Select(i =>
            $"2022-03-25 09:00:{i:00} server: s1 -> s2, ip: 10.0.0.2, req: 200, resp: {(i < lost ? 0 : 200)}, max_lat: None, min_lat: None, mode: normal, loss: 0, x\n"));

        Assert.Empty(PrintedMesh.Judge(Of(9)));
        Assert.Equal(["path.blackhole s1 <-> s2"], PrintedMesh.Judge(Of(40)).Select(PrintedMesh.Name));
    }

    [Fact]
    public void Losses_of_one_pair_are_the_pairs_and_of_all_of_one_prober_are_his()
    {
        string Of(int from, Func<int, int, int> answered) => string.Concat(Enumerable.Range(0, 10).SelectMany(i => Enumerable.Range(1, 4).Where(to => to != from).Select(to =>
            $"2022-03-25 09:00:{i * 5:00} server: s{from} -> s{to}, ip: 10.0.0.{to}, req: 200, resp: {answered(i, to)}, max_lat: Some(243), min_lat: Some(51), mode: normal, loss: {200 - answered(i, to)}, x\n")));

        string[] Judge(Func<int, int, int, int> answered) =>
            [.. PrintedMesh.Judge([.. Enumerable.Range(1, 4).Select(from => Of(from, (i, to) => answered(from, to, i)))]).Select(PrintedMesh.Name)];

        Assert.Equal(["path.loss s1 <-> s2"], Judge((from, to, i) => (from, to, i) == (1, 2, 6) ? 150 : 200));
        Assert.Equal(["observer.sick s1"], Judge((from, _, i) => (from, i) == (1, 6) ? 150 : 200));
        Assert.Equal(["node.uplink s1"], Judge((from, to, i) => (from == 1 || to == 1) && i == 6 ? 150 : 200));
        Assert.Empty(Judge((from, to, i) => (from, to, i) == (1, 2, 6) ? 198 : 200));
    }

    [Fact]
    public void A_line_that_tells_the_direction_of_losses_is_believed()
    {
        string Of(int from, int to, int lost, string direction) => string.Concat(Enumerable.Range(0, 10).Select(i =>
            $"2022-03-25 09:00:{i * 5:00} stamp server: s{from} -> s{to}, ip: 10.0.0.{to}, req: 200, resp: {(i == 6 ? 200 - lost : 200)}, max_lat: Some(243), min_lat: Some(51), mode: normal, loss: 0, withloss, port: 12222, {direction}\n"));

        Assert.Equal(["path.loss s1 -> s2"], PrintedMesh.Judge(Of(1, 2, 20, "forward: 20, backward: 0, unknown: 0")).Select(PrintedMesh.Name));
        Assert.Equal(["path.loss s2 -> s1"], PrintedMesh.Judge(Of(1, 2, 20, "forward: 0, backward: 20, unknown: 0")).Select(PrintedMesh.Name));
    }

    [Fact]
    public void All_between_two_datacenters_is_theirs()
    {
        string Of(int from) => string.Concat(Enumerable.Range(0, 10).Select(i => string.Concat(Enumerable.Range(1, 4).Where(to => to != from).Select(to =>
        {
            var lost = i == 6 && (from <= 2) != (to <= 2) ? 200 : 0;
            return $"2022-03-25 09:00:{i * 5:00} server: s{from} -> s{to}, ip: 10.0.0.{to}, req: 200, resp: {200 - lost}, max_lat: None, min_lat: None, mode: normal, loss: {lost}, x\n";
        })) + $"2022-03-25 09:00:{i * 5:00} datacenter: {(from <= 2 ? "fra" : "ber")} -> fra, req: 400, resp: 400, max_lat: None, min_lat: None, mode: normal, loss: 0, x\n"));

        var verdict = Assert.Single(PrintedMesh.Judge([.. Enumerable.Range(1, 4).Select(Of)]));
        Assert.Equal("datacenter.path datacenters ber <-> fra", PrintedMesh.Name(verdict));
    }

    [Fact]
    public void Who_is_in_maintenance_is_no_witness()
    {
        string Of(string mode) => string.Concat(Enumerable.Range(0, 10).Select(i =>
            $"2022-03-25 09:00:{i * 5:00} server: s1 -> s2, ip: 10.0.0.2, req: 200, resp: 0, max_lat: None, min_lat: None, mode: {mode}, loss: 200, withloss\n"));

        Assert.Equal(["host.maintenance s1"], PrintedMesh.Judge(Of("MAINTENANCE")).Select(PrintedMesh.Name));
        Assert.Equal(["path.blackhole s1 <-> s2"], PrintedMesh.Judge(Of("normal")).Select(PrintedMesh.Name));
    }

    /// <summary>Within an interval and a half of a time of day.</summary>
    private static void AssertAround(Verdict verdict, TimeSpan time)
    {
        var at = new WallTime(time.Ticks * 100);
        Assert.InRange(verdict.Since.Nanoseconds, (at - Duration.FromSeconds(8)).Nanoseconds, (at + Duration.FromSeconds(8)).Nanoseconds);
    }
}
