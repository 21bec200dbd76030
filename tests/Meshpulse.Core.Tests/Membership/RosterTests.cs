using Meshpulse.Core.Membership;
using Meshpulse.Core.Statistics;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Tests.Membership;

public sealed class RosterTests
{
    /// <summary>
    /// Readers take the list in portions of their own size at random times, as connections do, and return to zero now and
    /// then. What a reader is owed: each member once, in the order of joining, unless it left before its turn came.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Every_reader_is_told_every_member_once(ulong seed)
    {
        var random = new SplitMix64(seed);
        var roster = new Roster();
        var members = new List<NodeEndpoint>();
        var readers = Enumerable.Range(0, 5).Select(i => new Reader(1 + (i * 3))).ToList();
        for (var i = 0; i < 3_000; i++)
        {
            switch (random.Below(10))
            {
                case < 2:
                    members.Add(Nodes.Of(i));
                    roster.Add(Nodes.Of(i));
                    readers.ForEach(r => r.Owed.Add(Nodes.Of(i)));
                    break;
                case 2 when members.Count > 0:
                    var leaver = members[random.Below(members.Count)];
                    members.Remove(leaver);
                    roster.Remove(leaver);
                    readers.ForEach(r => r.Owed.Remove(leaver));
                    break;
                case 3 when random.Below(10) == 0:
                    readers[random.Below(readers.Count)].StartAgain(members);
                    break;
                default:
                    readers[random.Below(readers.Count)].Take(roster, $"seed {seed}, round {i}");
                    break;
            }

            Assert.Equal(members.Count, roster.Count);
        }

        foreach (var reader in readers)
        {
            while (reader.Told < roster.Newest)
            {
                reader.Take(roster, $"seed {seed}, at the end");
            }

            Assert.Empty(reader.Owed);
        }
    }

    [Fact]
    public void The_position_after_a_number_is_that_of_a_linear_search()
    {
        var random = new SplitMix64(5);
        var roster = new Roster();
        for (var i = 0; i < 200; i++)
        {
            roster.Add(Nodes.Of(i));
        }

        for (var i = 0; i < 200; i += 1 + random.Below(3))
        {
            roster.Remove(Nodes.Of(i));
        }

        for (long told = -1; told <= roster.Newest + 1; told++)
        {
            var linear = Enumerable.Range(0, roster.Count).Where(i => roster[i].Number > told).DefaultIfEmpty(roster.Count).First();
            Assert.Equal(linear, roster.IndexAfter(told));
        }
    }

    [Fact]
    public void Numbers_are_never_used_again()
    {
        var roster = new Roster();
        Assert.Equal(0, roster.Newest);
        roster.Add(Nodes.Of(1));
        roster.Remove(Nodes.Of(1));
        roster.Remove(Nodes.Of(1));
        Assert.Equal((0, 1L), (roster.Count, roster.Newest));
        roster.Add(Nodes.Of(1));
        Assert.Equal((2L, Nodes.Of(1)), roster[0]);
    }

    private sealed class Reader(int portion)
    {
        public List<NodeEndpoint> Owed { get; private set; } = [];

        public long Told { get; private set; }

        public void StartAgain(List<NodeEndpoint> members) => (Told, Owed) = (0, [.. members]);

        public void Take(Roster roster, string story)
        {
            var from = roster.IndexAfter(Told);
            for (var i = from; i < Math.Min(roster.Count, from + portion); i++)
            {
                Assert.True(Owed.Count > 0 && Owed[0] == roster[i].Node, story);
                Owed.RemoveAt(0);
                Told = roster[i].Number;
            }

            Told = roster.IndexAfter(Told) == roster.Count ? roster.Newest : Told;
        }
    }
}
