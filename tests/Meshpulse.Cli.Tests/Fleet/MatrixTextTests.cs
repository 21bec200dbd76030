using Meshpulse.Agent.Api.Json;
using Meshpulse.Cli.Fleet;
using Meshpulse.Core.Diagnosis.Live;

namespace Meshpulse.Cli.Tests.Fleet;

public sealed class MatrixTextTests
{
    [Fact]
    public void A_pipe_gets_figures_however_wide()
    {
        var mesh = new TestMesh("10.0.0.1", "10.0.0.2", "web3")
            .With(0, 1, 0.07, 100, 200, 1, CellState.Verdict)
            .With(1, 2, null, null, null, null, CellState.Silent)
            .With(2, 0, null, null, null, null, CellState.NoData)
            .With(2, 1, null, null, null, null, CellState.Maintenance)
            .WithState(2, "silent");
        mesh.Missing.Add(new MissingEntry("web3", "does not answer within 2 s"));
        Assert.Equal(
            """
            10.0.0.1, 2027-01-15 08:00:00 UTC: loss from each node (line) to each (column) within the last 2 s

                                1     2     3
            1 10.0.0.1          \ 6.8%!    0%
            2 10.0.0.2         0%     \   cut
            3 web3 (silent)     - maint     \

            missing: what web3 saw itself: does not answer within 2 s

            """.ReplaceLineEndings("\n"),
            MatrixText.Of(mesh.Grid(), MatrixFigure.Loss, null));
    }

    [Theory]
    [InlineData(MatrixFigure.P50, "96us")]
    [InlineData(MatrixFigure.P99, "201us")]
    [InlineData(MatrixFigure.Ratio, "1x")]
    public void Other_figures_have_their_units(MatrixFigure figure, string cell)
    {
        var line = MatrixText.Of(TestMesh.OfSize(2).Grid(), figure, null).Split('\n')[3];
        Assert.EndsWith(" " + cell, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(200)]
    public void A_terminal_gets_lines_that_fit(int columns)
    {
        var text = MatrixText.Of(TestMesh.OfSize(120).With(3, 119, 0.9, 100, 100, 1).Grid(), MatrixFigure.Loss, columns);
        var lines = text.Split('\n');
        Assert.All(lines.Skip(2), l => Assert.True(l.Length <= columns, l));
        // Each node's line is there once in each block, and the bad cell once at all.
        var blocks = lines.Count(l => l.StartsWith("120 ", StringComparison.Ordinal));
        Assert.Equal(blocks, lines.Count(l => l.StartsWith("  1 ", StringComparison.Ordinal)));
        Assert.Single(lines.Skip(2).Where(l => l.StartsWith("  4 ", StringComparison.Ordinal)), l => l.Contains(" 5", StringComparison.Ordinal));
    }

    [Fact]
    public void A_mesh_of_one_says_so() =>
        Assert.EndsWith("no other node is known\n", MatrixText.Of(TestMesh.OfSize(1).Grid(), MatrixFigure.Loss, 80), StringComparison.Ordinal);

    [Fact]
    public void Rows_that_do_not_fit_are_no_data()
    {
        var document = TestMesh.OfSize(2).Document();
        var row = document.Rows[0];
        var grid = new MatrixGrid(document with { Rows = [row with { From = 7 }, row with { From = -1 }, row with { From = 1, Loss = [1] }] });
        Assert.Equal(GridCell.Unknown, grid.Cell(0, 1));
        Assert.Equal(GridCell.Unknown, grid.Cell(1, 0));
    }

    [Fact]
    public void Csv_has_a_record_for_each_direction_and_quotes_what_needs_it()
    {
        var csv = MatrixTable.Csv(new TestMesh("a,b", "c").With(1, 0, null, null, null, null, CellState.NoData).Grid());
        Assert.Equal("from,to,state,loss,p50_us,p99_us,ratio,kind\r\n\"a,b\",c,fine,0,96.4,201,1,one_way\r\nc,\"a,b\",no_data,,,,,one_way\r\n", csv);
    }

    [Fact]
    public void Json_has_null_for_what_is_not_known()
    {
        var json = MatrixTable.Json(new TestMesh("a", "b").With(1, 0, null, null, null, null, CellState.NoData).Grid());
        Assert.Contains("""{"from":"a","to":"b","state":"fine","loss":0,"p50_us":96.4,"p99_us":201,"ratio":1,"kind":"one_way"}""", json, StringComparison.Ordinal);
        Assert.Contains("""{"from":"b","to":"a","state":"no_data","loss":null,"p50_us":null,"p99_us":null,"ratio":null,"kind":"one_way"}""", json, StringComparison.Ordinal);
        Assert.EndsWith("}\n", json, StringComparison.Ordinal);
    }
}
