using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Diagnosis.Live;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Diagnosis.Live;

public sealed class LiveBookTests
{
    [Fact]
    public void A_calm_mesh_is_fine_everywhere_and_knows_nothing_of_its_diagonal()
    {
        var mesh = Calm();
        var rows = mesh.Matrix();
        Assert.Equal([0, 1, 2], rows.Select(r => r.From));
        foreach (var row in rows)
        {
            Assert.False(row.IsRoundTrip);
            for (var to = 0; to < 3; to++)
            {
                var cell = row.Cells[to];
                Assert.Equal(to == row.From ? MatrixCell.Unknown : new MatrixCell(0, CellCodes.OfDelay(500), CellCodes.OfDelay(1_000), 125, CellState.Fine), cell);
            }
        }
    }

    [Fact]
    public void Loss_of_one_direction_is_in_one_cell()
    {
        var mesh = Calm();
        mesh.Lost = (from, to) => (from, to) == ("a", "b") ? 2 : 0;
        mesh.Run(8);
        Assert.Equal(CellCodes.OfLoss(0.2), mesh.Cell("a", "b").Loss);
        Assert.All(Others("a", "b"), p => Assert.Equal(0, mesh.Cell(p.From, p.To).Loss));
    }

    [Fact]
    public void A_cut_of_one_direction_is_in_one_cell_though_nobody_gets_replies()
    {
        var mesh = Calm();
        mesh.Lost = (from, to) => (from, to) == ("b", "c") ? 10 : 0;
        mesh.Run(8);
        Assert.Equal((CellState.Silent, CellCodes.OfLoss(1)), (mesh.Cell("b", "c").State, mesh.Cell("b", "c").Loss));
        Assert.All(Others("b", "c"), p => Assert.Equal(CellState.Fine, mesh.Cell(p.From, p.To).State));
    }

    [Fact]
    public void A_node_that_is_gone_is_a_silent_row_and_column()
    {
        var mesh = Calm();
        mesh.Silent.Add("c");
        mesh.Run(16);
        foreach (var other in new[] { "a", "b" })
        {
            Assert.Equal(CellState.Silent, mesh.Cell(other, "c").State);
            Assert.Equal(CellState.Silent, mesh.Cell("c", other).State);
        }

        Assert.Equal(CellState.Fine, mesh.Cell("a", "b").State);
        Assert.Null(mesh.Book.Row("c", mesh.Now));
        Assert.Equal(NodeStatus.Silent, mesh.Book.Condition("c", mesh.Now).Status);
        mesh.Book.NoteUnreachable("c", mesh.Now);
        Assert.Equal(NodeStatus.Unreachable, mesh.Book.Condition("c", mesh.Now).Status);
        Assert.True(mesh.Book.Condition("c", mesh.Now).Told >= Duration.FromSeconds(3));
    }

    [Fact]
    public void What_one_end_does_not_tell_the_other_one_does()
    {
        var mesh = Calm();
        mesh.Lost = (from, to) => (from, to) == ("c", "a") ? 3 : 0;
        mesh.Run(8);
        // c's own row is not there, its packets to a are known by a's probes and their replies.
        var rows = MatrixFold.Rows(mesh.Book.Names, new Dictionary<string, RowCodes>(StringComparer.Ordinal) { ["a"] = mesh.Book.Row("a", mesh.Now)! });
        Assert.Equal([0, 1, 2], rows.Select(r => r.From));
        Assert.Equal(CellCodes.OfLoss(0.3), rows[2].Cells[0].Loss);
        Assert.Equal(MatrixCell.Unknown, rows[2].Cells[1]);
    }

    [Fact]
    public void A_delay_is_told_against_the_usual_one()
    {
        var mesh = Calm();
        mesh.Run(40);
        mesh.Delay = (from, to) => Duration.FromMicroseconds((from, to) == ("a", "c") ? 5_000 : 500);
        mesh.Run(8);
        Assert.Equal(CellCodes.OfDelay(5_000), mesh.Cell("a", "c").P50);
        Assert.InRange(CellCodes.Ratio(mesh.Cell("a", "c").Ratio)!.Value, 9, 10.5);
        Assert.InRange(CellCodes.Ratio(mesh.Cell("c", "a").Ratio)!.Value, 0.97, 1.03);
    }

    [Fact]
    public void Where_clocks_can_not_be_compared_the_row_is_of_round_trips()
    {
        var mesh = new LiveScript("a", "b") { HasNoOffsets = true };
        mesh.Lost = (from, _) => from == "b" ? 1 : 0;
        mesh.Run(12);
        var row = mesh.Matrix()[0];
        Assert.True(row.IsRoundTrip);
        Assert.Equal(CellCodes.OfDelay(1_000), row.Cells[1].P50);
        Assert.Equal(CellCodes.OfLoss(0.1), row.Cells[1].Loss);
    }

    [Fact]
    public void Names_that_a_peer_makes_up_are_not_kept()
    {
        var mesh = Calm();
        for (var i = 0; i < 100; i++)
        {
            var made = new PeerSlice($"made-up-{i}") { IsConnected = true };
            mesh.Book.Take(new NodeSlice("b", 1, 10_000 + i) { At = new ClockPairing(mesh.Now, default), Peers = [made] }, mesh.Now);
            Assert.Null(mesh.Book.Pair("b", made.Peer, mesh.Now));
        }

        Assert.Equal(["a", "b", "c"], mesh.Book.Names);
    }

    [Fact]
    public void Of_a_large_mesh_only_our_own_word_is_kept()
    {
        var mesh = new LiveScript([.. Enumerable.Range(1, LiveBook.MaxPeersOfWholeMesh + 2).Select(i => $"10.0.0.{i}")]);
        mesh.Run(8);
        Assert.False(mesh.Book.IsWhole);
        Assert.NotNull(mesh.Book.Row("10.0.0.1", mesh.Now));
        Assert.Null(mesh.Book.Row("10.0.0.2", mesh.Now));
    }

    [Fact]
    public void A_verdict_marks_the_cells_that_it_concerns_and_maintenance_stands_above()
    {
        string?[] datacenters = ["fra.1", "fra.2", "ams"];
        AssertMarked(VerdictPlace.Host("b"), datacenters, (0, 1), (1, 0), (1, 2), (2, 1));
        AssertMarked(VerdictPlace.Path("a", "b"), datacenters, (0, 1));
        AssertMarked(VerdictPlace.Pair("c", "a"), datacenters, (0, 2), (2, 0));
        AssertMarked(VerdictPlace.OfFlows("b", "c", [1]), datacenters, (1, 2));
        AssertMarked(VerdictPlace.DatacenterPath("fra", "ams"), datacenters, (0, 2), (1, 2));
        AssertMarked(VerdictPlace.Datacenters("ams", "fra.1"), datacenters, (0, 2), (2, 0));
        AssertMarked(VerdictPlace.Datacenter("ams"), datacenters, (0, 2), (1, 2), (2, 0), (2, 1));
        AssertMarked(VerdictPlace.Mesh([["a", "c"], ["b"]]), datacenters, (0, 1), (1, 0), (1, 2), (2, 1));

        var rows = Calm().Matrix();
        MatrixFold.MarkVerdict(rows, VerdictPlace.Host("b"), ["a", "b", "c"], datacenters);
        MatrixFold.MarkMaintenance(rows, node => node == 1);
        Assert.Equal(4, rows.Sum(r => r.Cells.State.Count(s => s == (byte)CellState.Maintenance)));
        Assert.Equal(0, rows.Sum(r => r.Cells.State.Count(s => s == (byte)CellState.Verdict)));
    }

    [Fact]
    public void Rows_are_the_same_by_any_order_of_names()
    {
        var mesh = Calm();
        mesh.Lost = (from, to) => (from, to) == ("a", "b") ? 2 : 0;
        mesh.Run(8);
        var row = mesh.Book.Row("a", mesh.Now)!;
        var turned = row.By(["x", "c", "b", "a"]);
        Assert.Equal(MatrixCell.Unknown, turned.Forward[0]);
        Assert.Equal(row.Forward[1], turned.Forward[2]);
        Assert.Equal(row.Backward[2], turned.Backward[1]);
        Assert.True(row.By([.. row.Names]).Forward.IsSame(row.Forward));
    }

    [Fact]
    public void Addresses_are_in_the_order_that_people_expect()
    {
        string[] names = ["10.0.0.10:12222", "web2", "10.0.0.9", "web10", "10.0.0.10", "fe80::10", "fe80::9", "10.0.0.010"];
        Assert.Equal(
            ["10.0.0.9", "10.0.0.010", "10.0.0.10", "10.0.0.10:12222", "fe80::9", "fe80::10", "web2", "web10"],
            names.Order(NodeOrder.Instance));
        var random = new Random(3);
        var many = Enumerable.Range(0, 60).Select(_ => string.Concat(Enumerable.Range(0, 5).Select(_ => "0019a.:"[random.Next(7)]))).ToList();
        foreach (var (x, y, z) in many.SelectMany(x => many.SelectMany(y => many.Take(10).Select(z => (x, y, z)))))
        {
            var order = NodeOrder.Instance;
            Assert.Equal(Math.Sign(order.Compare(x, y)), -Math.Sign(order.Compare(y, x)));
            Assert.True(order.Compare(x, y) > 0 || order.Compare(y, z) > 0 || order.Compare(x, z) <= 0, $"{x} {y} {z}, seed 3");
        }
    }

    private static LiveScript Calm()
    {
        var mesh = new LiveScript("a", "b", "c");
        mesh.Run(24);
        return mesh;
    }

    private static IEnumerable<(string From, string To)> Others(string from, string to) =>
        new[] { "a", "b", "c" }.SelectMany(f => new[] { "a", "b", "c" }.Select(t => (From: f, To: t))).Where(p => p.From != p.To && p != (from, to));

    private static void AssertMarked(VerdictPlace place, string?[] datacenters, params (int From, int To)[] expected)
    {
        var rows = Calm().Matrix();
        MatrixFold.MarkVerdict(rows, place, ["a", "b", "c"], datacenters);
        var marked = rows.SelectMany(r => Enumerable.Range(0, 3).Where(to => r.Cells[to].State == CellState.Verdict).Select(to => (r.From, to)));
        Assert.Equal(expected, marked);
    }
}
