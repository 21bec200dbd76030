using Meshpulse.Cli.Console;
using Meshpulse.Cli.Tests.Golden;

namespace Meshpulse.Cli.Tests.Console;

public class HistogramTableTests
{
    private static readonly CellGroup Calm = new(5.1, 5.1, 5.1, 5.1, 5.1);

    [Fact]
    public void The_table_is_the_one_that_operators_know()
    {
        TableRow[] rows =
        [
            new("172.31.10.72", new(5.2, 5.1, 5.1, 5.2, 5.2), new(0.2, 0.0, 0.0, 0.1, 0.2), Calm),
            new("172.31.14.3", new(5.3, 5.1, 5.1, 5.1, 5.3), new(0.4, 0.2, 0.2, 0.2, 0.4), new(5.8, 5.1, 5.1, 5.5, 5.8)),
            new("172.31.9.146", Calm, new(5.1, 2.6, 5.0, 5.1, 5.1), Calm),
            new("172.31.5.177", Calm, new(5.2, 2.8, 5.2, 5.2, 5.2), Calm),
        ];

        Assert.Equal(GoldenFile.Read("table.txt"), HistogramTable.Format(rows, 20, colour: true));
    }

    [Fact]
    public void Without_peers_there_is_the_header()
    {
        var header = string.Join('\n', GoldenFile.Read("table.txt").Split('\n')[..2]) + "\n";
        Assert.Equal(header, HistogramTable.Format([], 20, colour: false));
    }

    [Fact]
    public void A_long_address_widens_the_column_for_all()
    {
        TableRow[] rows = [new("2001:db8:1:2:3:4:5:6", Calm, Calm, Calm), new("192.0.2.7", Calm, Calm, Calm)];

        var lines = HistogramTable.Format(rows, 20, colour: false).Split('\n');

        Assert.StartsWith("[                    ] --------receive", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("[                    ]   Max", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("[2001:db8:1:2:3:4:5:6]   5.1", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("[           192.0.2.7]   5.1", lines[3], StringComparison.Ordinal);
        Assert.Equal("", lines[4]);
        Assert.Single(lines[..4].Select(l => l.Length).Distinct());
    }

    [Fact]
    public void No_data_is_a_dash_and_never_zero()
    {
        var table = HistogramTable.Format([new("192.0.2.7", CellGroup.Empty, new(double.NaN, 0, null, null, null), Calm)], 20, colour: true);

        Assert.EndsWith("\n[      192.0.2.7]     -     -     -     -     -|    -   0.0     -     -     -|  5.1   5.1   5.1   5.1   5.1\n", table, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.0, "  0.0")]
    [InlineData(-0.04, "  0.0")]
    [InlineData(0.05, "  0.1")]
    [InlineData(5.149, "  5.1")]
    [InlineData(99.96, "100.0")]
    [InlineData(999.94, "999.9")]
    [InlineData(999.96, " 1000")]
    [InlineData(1234.5678, " 1235")]
    [InlineData(9999.96, "10000")]
    [InlineData(99999.4, "99999")]
    [InlineData(86400000.0, "86400000")]
    public void A_cell_keeps_five_columns_as_long_as_it_can(double value, string cell) => Assert.Equal(cell, HistogramTable.Cell(value));

    [Fact]
    public void Above_the_threshold_is_yellow_and_from_a_second_on_red()
    {
        var row = new TableRow("192.0.2.7", new(20.0, 20.1, 999.9, 1000, 99999), CellGroup.Empty, Calm);

        var coloured = HistogramTable.Format([row], 20, colour: true);
        var plain = HistogramTable.Format([row], 20, colour: false);

        Assert.EndsWith(
            "[      192.0.2.7]  20.0 \e[33m 20.1\e[0m \e[33m999.9\e[0m \e[31m 1000\e[0m \e[31m99999\e[0m|    -     -     -     -     -|  5.1   5.1   5.1   5.1   5.1\n",
            coloured,
            StringComparison.Ordinal);
        Assert.DoesNotContain('\e', plain);
        Assert.Equal(plain, coloured.Replace("\e[33m", "").Replace("\e[31m", "").Replace("\e[0m", ""));
    }

    [Fact]
    public void A_second_is_red_whatever_the_threshold()
    {
        var table = HistogramTable.Format([new("192.0.2.7", new(1500, null, null, null, null), Calm, Calm)], 2000, colour: true);

        Assert.Contains("\e[31m 1500\e[0m", table, StringComparison.Ordinal);
    }
}
