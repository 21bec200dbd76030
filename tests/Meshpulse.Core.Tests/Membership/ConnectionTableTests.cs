using Meshpulse.Core.Membership;
using Meshpulse.Core.Statistics;

namespace Meshpulse.Core.Tests.Membership;

public sealed class ConnectionTableTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Numbers_are_small_unique_and_used_again(ulong seed)
    {
        var random = new SplitMix64(seed);
        var table = new ConnectionTable();
        var open = new List<MeshConnection>();
        var most = 0;
        for (var i = 0; i < 5_000; i++)
        {
            if (open.Count > 0 && random.Below(2) == 0)
            {
                var gone = open[random.Below(open.Count)];
                open.Remove(gone);
                table.Remove(gone);
                Assert.Null(table[gone.Id]);
            }
            else
            {
                var added = table.Add(random.Below(2) == 0, Nodes.Of(i), Nodes.At(i));
                Assert.DoesNotContain(open, c => c.Id == added.Id);
                open.Add(added);
            }

            most = Math.Max(most, open.Count);
            Assert.Equal(open.Count, table.Count);
            Assert.All(open, c => Assert.True(c.Id < most && table[c.Id] == c, $"seed {seed}, round {i}"));
        }

        var walked = new List<MeshConnection>();
        foreach (var connection in table.Open())
        {
            walked.Add(connection);
        }

        Assert.Equal(open.OrderBy(c => c.Id), walked);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void An_unknown_number_is_nobody(int id)
    {
        var table = new ConnectionTable();
        table.Add(outbound: true, Nodes.Of(1), default);
        Assert.Null(table[id]);
    }

    [Fact]
    public void Who_walks_may_close_all_and_open_more()
    {
        var table = new ConnectionTable();
        for (var i = 0; i < 10; i++)
        {
            table.Add(outbound: true, Nodes.Of(i), default);
        }

        var met = 0;
        foreach (var connection in table.Open())
        {
            met++;
            table.Remove(connection);
            if (met == 3)
            {
                table.Remove(table[8]!);
                table.Add(outbound: false, Nodes.Of(100), default);
            }
        }

        Assert.InRange(met, 9, 11);
        Assert.InRange(table.Count, 0, 1);
    }
}
