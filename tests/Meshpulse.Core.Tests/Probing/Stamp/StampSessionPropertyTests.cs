using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Statistics;

namespace Meshpulse.Core.Tests.Probing.Stamp;

/// <summary>Random histories against a model that knows each packet's fate; over a million packets in all.</summary>
public class StampSessionPropertyTests
{
    private const int Histories = 400;

    [Fact]
    public void Without_copies_of_requests_every_loss_has_its_direction_exactly_but_after_the_last_reply()
    {
        ForEach(seed =>
        {
            var random = new SplitMix64(seed * 7919);
            var world = new StampWorld(seed, 1 + random.Below(2_000), Weather(random) with { QuietEnd = random.Below(3) > 0 });
            world.Run(CheckSums);
            var totals = world.Session.Totals;
            CheckCounts(world, totals);
            var heard = world.HighestHeard;
            if (world.Session.Kind != ReflectorKind.Stateful || heard < 0)
            {
                Assert.True(totals.LostForward + totals.LostBackward == 0, world.Describe());
                return;
            }

            var (forward, backward) = Lost(world, heard, world.FirstKnown);
            // A request that only the last reply overtook, and whose own reply was lost, looks as if it had not arrived.
            var hidden = HiddenBehindTheLast(world) + HiddenBeforeTheFirst(world);
            // One from before the first reply that was overtaken into what is known, or one from after the last that overtook into
            // it, can be told from none, but not from another: with a forward loss nearby one is known to be lost backward, and one unknown.
            var strayed = Strayed(world);
            var shift = totals.LostBackward - (backward - hidden);
            Assert.True(shift >= 0 && shift <= strayed && totals.LostForward == forward + hidden - shift, $"{forward} {backward} {hidden} {strayed}; {world.Describe()}");
        });
    }

    [Fact]
    public void Copies_of_requests_without_loss_blame_nobody_and_are_counted()
    {
        ForEach(seed =>
        {
            var random = new SplitMix64(seed * 104_729);
            var weather = Weather(random) with { ForwardLoss = 0, BackwardLoss = 0, Slow = 0, ForwardCopies = random.NextDouble() / 2 };
            var world = new StampWorld(seed, 1 + random.Below(1_000), weather);
            world.Run(CheckSums);
            CheckCounts(world, world.Session.Totals);
            Assert.True(world.Session.Totals.Lost == 0, world.Describe());
        });
    }

    [Fact]
    public void Copies_of_requests_with_loss_in_one_direction_never_blame_the_other()
    {
        ForEach(seed =>
        {
            var random = new SplitMix64(seed * 15_485_863);
            var isForward = seed % 2 == 0;
            var weather = Weather(random) with { ForwardCopies = random.NextDouble() / 5, Slow = 0 };
            weather = isForward ? weather with { BackwardLoss = 0 } : weather with { ForwardLoss = 0, ForwardJitter = 0 };
            var world = new StampWorld(seed, 1 + random.Below(2_000), weather);
            world.Run(CheckSums);
            var totals = world.Session.Totals;
            CheckCounts(world, totals);
            Assert.True(isForward || totals.LostForward == 0, world.Describe());
            Assert.True(!isForward || totals.LostBackward == 0, world.Describe());
            // Lost copies before the first reply make a count from 0 look like one from elsewhere.
            var first = world.Given.Find(g => g.IsHeard).Sequence;
            var open = Enumerable.Range(0, first).Count(s => !world.FateOf(s).IsHeard);
            Assert.True(world.Session.Kind != ReflectorKind.Stateful || totals.LostUnknown <= open, $"{open}: {world.Describe()}");
        });
    }

    [Fact]
    public void Copies_of_requests_with_loss_both_ways_are_never_read_wrongly_where_anything_showed()
    {
        var (claimed, lost) = (0L, 0L);
        ForEach(seed =>
        {
            var random = new SplitMix64(seed * 32_452_843);
            var weather = Weather(random) with { ForwardCopies = random.NextDouble() / 10 };
            var world = new StampWorld(seed, 1 + random.Below(3_000), weather);
            world.Run(CheckSums);
            var totals = world.Session.Totals;
            CheckCounts(world, totals);
            var unseen = HiddenCopies(world);
            Assert.True(totals.LostForward <= world.Forward, world.Describe());
            Assert.True(totals.LostBackward <= world.Backward + unseen, $"{unseen} unseen; {world.Describe()}");
            claimed += totals.LostForward + totals.LostBackward;
            lost += totals.Lost;
        });

        // It would be easy never to be wrong.
        Assert.True(claimed > lost / 2, $"{claimed} of {lost}");
    }

    [Fact]
    public void A_restart_changes_no_sum_and_only_what_is_lost_around_it_has_no_direction()
    {
        var visible = 0;
        ForEach(seed =>
        {
            var random = new SplitMix64(seed * 49_979_687);
            var weather = Weather(random) with { Restart = 0.01, ForwardJitter = 0, BackwardJitter = random.Below(2) * random.Below(50_000), First = 0, Base = 0, Slow = 0 };
            var world = new StampWorld(seed, 1 + random.Below(2_000), weather);
            world.Run(CheckSums);
            var totals = world.Session.Totals;
            CheckCounts(world, totals);
            if (world.Session.Kind == ReflectorKind.Stateful && AreRestartsVisible(world))
            {
                visible++;
                var (forward, backward) = LostInsideEpochs(world);
                if (weather.BackwardJitter > 0)
                {
                    // The first replies of an epoch that lasts some packets only can come in an order that hides it.
                    Assert.True(totals.LostForward <= world.Forward && totals.LostBackward <= world.Backward, world.Describe());
                    return;
                }

                Assert.True(totals.LostForward == forward && totals.LostBackward == backward, $"{forward} {backward}; {world.Describe()}");
                Assert.True(totals.Epochs == world.Given.Where(g => g.IsHeard).Select(g => g.Epoch).Distinct().Count(), world.Describe());
            }
        });
        Assert.True(visible > Histories / 2, $"{visible}");
    }

    [Fact]
    public void A_restart_among_reordered_packets_never_leads_to_a_wrong_claim()
    {
        var visible = 0;
        ForEach(seed =>
        {
            var random = new SplitMix64(seed * 67_867_967);
            var weather = Weather(random) with { Restart = 0.003, First = 0, Base = 0 };
            var world = new StampWorld(seed, 1 + random.Below(2_000), weather);
            world.Run(CheckSums);
            var totals = world.Session.Totals;
            CheckCounts(world, totals);
            var epochs = world.Given.GroupBy(g => g.Epoch).Select(e => e.Count()).ToList();
            if (epochs.SkipLast(1).Any(length => length < 40))
            {
                // Shorter than what is under way: numbers of two counts that both fit cannot be told apart.
                return;
            }

            visible++;
            // Each end of an epoch can hide requests like the end of the session.
            Assert.True(totals.LostForward <= world.Forward + HiddenByRestarts(world), $"{epochs.Count} epochs; {HiddenByRestarts(world)}; {world.Describe()}");
            Assert.True(totals.LostBackward <= world.Backward, $"{epochs.Count} epochs; {world.Describe()}");
        });
        Assert.True(visible > Histories / 2, $"{visible}");
    }

    private static StampWeather Weather(SplitMix64 random) => new()
    {
        ForwardLoss = random.Below(3) == 0 ? 0 : random.NextDouble() / 8,
        BackwardLoss = random.Below(3) == 0 ? 0 : random.NextDouble() / 8,
        BackwardCopies = random.Below(2) == 0 ? 0 : random.NextDouble() / 4,
        ForwardJitter = random.Below(2) == 0 ? 0 : random.Below(200_000),
        BackwardJitter = random.Below(2) == 0 ? 0 : random.Below(200_000),
        Slow = random.Below(4) == 0 ? 0.02 : 0,
        First = random.Below(3) == 0 ? uint.MaxValue - (uint)random.Below(500) : 0,
        // From 0, as the RFC has it, or above anything that is sent before the first reply.
        Base = random.Below(2) == 0 ? 0 : uint.MaxValue - (uint)random.Below(500),
    };

    private static void ForEach(Action<ulong> history)
    {
        for (var seed = 1UL; seed <= Histories; seed++)
        {
            history(seed);
        }
    }

    private static void CheckSums(StampTotals totals)
    {
        Assert.True(totals.LostForward >= 0 && totals.LostBackward >= 0 && totals.LostUnknown >= 0 && totals.Outstanding >= 0, totals.ToString());
        Assert.Equal(totals.Sent, totals.Answered + totals.Late + totals.Lost + totals.Outstanding);
    }

    private static void CheckCounts(StampWorld world, StampTotals totals)
    {
        CheckSums(totals);
        Assert.True(totals.Answered == world.Answered && totals.Late == world.Late && totals.Outstanding == 0, world.Describe());
        Assert.True(totals.Duplicates == world.Duplicates, $"{world.Duplicates}: {world.Describe()}");
        Assert.True(totals.Reordered == world.Reordered && totals.ReorderingExtent == world.MaxExtent, $"{world.Reordered}, {world.MaxExtent}: {world.Describe()}");
    }

    private static (long Forward, long Backward) Lost(StampWorld world, int upTo, int from = 0)
    {
        var lost = Enumerable.Range(from, Math.Max(0, upTo - from)).Select(world.FateOf).Where(f => !f.IsHeard).ToList();
        return (lost.Count(f => !f.IsNumbered), lost.Count(f => f.IsNumbered));
    }

    /// <summary>Each restart shows: the first number that came after it is not above the last that came before.</summary>
    private static bool AreRestartsVisible(StampWorld world)
    {
        var heard = world.Given.Where(g => g.IsHeard).ToList();
        return heard.Zip(heard.Skip(1)).All(pair => pair.First.Epoch == pair.Second.Epoch || pair.Second.Number <= pair.First.Number);
    }

    private static int Strayed(StampWorld world)
    {
        var first = world.Given.FindIndex(g => g.IsHeard);
        var last = world.Given.FindLastIndex(g => g.IsHeard);
        var heard = world.HighestHeard;
        return world.Given.Skip(first).Take(last - first)
            .Count(g => (g.Sequence < world.FirstKnown || g.Sequence > heard) && !world.FateOf(g.Sequence).IsHeard);
    }

    /// <summary>Requests whose reply was lost, reflected so near to a restart that it can have been on the other side of it than its neighbours.</summary>
    private static int HiddenByRestarts(StampWorld world)
    {
        var given = world.Given;
        var restarts = Enumerable.Range(1, Math.Max(0, given.Count - 1)).Where(i => given[i].Epoch != given[i - 1].Epoch).ToList();
        return Enumerable.Range(0, given.Count)
            .Count(i => !world.FateOf(given[i].Sequence).IsHeard && restarts.Exists(r => Math.Abs(r - i) <= 45));
    }

    private static int HiddenBehindTheLast(StampWorld world) => world.Given
        .GroupBy(g => g.Epoch)
        .Sum(epoch =>
        {
            var numbers = epoch.ToList();
            var last = numbers.FindLastIndex(g => g.IsHeard);
            var highest = last < 0 ? -1 : numbers.Where(g => g.IsHeard).Max(g => g.Sequence);
            return numbers.Skip(last + 1).Count(g => g.Sequence < highest && !world.FateOf(g.Sequence).IsHeard);
        });

    private static int HiddenBeforeTheFirst(StampWorld world)
    {
        var first = world.Given.FindIndex(g => g.IsHeard);
        return world.FirstKnown == 0 ? 0 : world.Given.Take(first).Count(g => g.Sequence > world.FirstKnown);
    }

    /// <summary>Losses between the first and the last reply of an epoch, or before the first of the first.</summary>
    private static (long Forward, long Backward) LostInsideEpochs(StampWorld world)
    {
        var (forward, backward) = (0L, 0L);
        var first = world.Given.Find(g => g.IsHeard).Epoch;
        foreach (var epoch in world.Given.Where(g => g.IsHeard).GroupBy(g => g.Epoch))
        {
            // The first count is known to have begun at 0.
            var from = epoch.Key == first ? 0 : epoch.Min(g => g.Sequence);
            var (f, b) = Lost(world, epoch.Max(g => g.Sequence), from);
            (forward, backward) = (forward + f, backward + b);
        }

        return (forward, backward);
    }

    /// <summary>
    /// Lost copies in gaps in which nothing showed that there were any. In a session without any visible copy, all of them.
    /// </summary>
    private static long HiddenCopies(StampWorld world)
    {
        var seen = new HashSet<int>();
        var heardTwice = world.Given.Where(g => g.IsHeard).GroupBy(g => g.Sequence).Where(g => g.Count() > 1).Select(g => g.Key).ToHashSet();
        var lost = 0L;
        foreach (var given in world.Given)
        {
            var isFirst = seen.Add(given.Sequence);
            lost += !given.IsHeard && (!isFirst || world.FateOf(given.Sequence).IsHeard) ? 1 : 0;
        }

        return heardTwice.Count == 0 ? lost : Math.Min(lost, world.Forward);
    }
}
