using Meshpulse.Core.Probing;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Probing;

public sealed class ArrivalTrackerTests
{
    private const long WallOffset = 1_700_000_000_000_000_000;
    private static readonly Duration s_bunch = Duration.FromMilliseconds(2);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_reader_on_time_reports_what_the_kernel_stamped(ulong seed)
    {
        var random = new SplitMix64(seed);
        var tracker = new ArrivalTracker(s_bunch);
        var arrived = new MonoTime(5_000_000_000);
        for (var i = 0; i < 5_000; i++)
        {
            var before = arrived;
            arrived += new Duration(1 + random.Below(20_000_000));
            var looked = arrived - new Duration(random.Below(2_000_001));
            var offset = Duration.FromMicroseconds(random.Below(2_000_000) - 1_000_000);
            var stamp = (WallOf(arrived) - offset).Microseconds;
            var arrival = tracker.Take(Read(looked, arrived), stamp, isLast: true, isAlone: true);
            Assert.Equal(i == 0 ? null : arrived - before, arrival.Interval);
            Assert.Equal(WallOf(arrived) - WallTime.FromMicroseconds(stamp), arrival.Delta);
            Assert.Equal(Math.Sign(offset.Nanoseconds), Math.Sign(arrival.Delta.Microseconds));
            Assert.Equal(ArrivalQuality.Stamped, arrival.Quality);
            Assert.True(tracker.HasLast && tracker.Last == arrived, $"seed {seed}, round {i}");
        }
    }

    /// <summary>Over a path of constant delay the stamps say all: our own sleep must not show, to a microsecond.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_late_reader_finds_the_arrivals_again_over_a_steady_path(ulong seed)
    {
        var random = new SplitMix64(seed);
        var tracker = new ArrivalTracker(s_bunch);
        var delay = Duration.FromMicroseconds(100 + random.Below(50_000));
        var clockError = Duration.FromMilliseconds(random.Below(7_200_000) - 3_600_000);
        var looked = new MonoTime(1_000_000_000);
        var sent = looked - delay + Duration.FromMicroseconds(300);
        for (var read = 0; read < 2_000; read++)
        {
            var now = looked + (read == 0 ? Duration.FromMilliseconds(1) : s_bunch + new Duration(1 + random.Below(60_000_000)));
            var came = new List<MonoTime>();
            while (sent + delay <= now)
            {
                came.Add(sent);
                sent += new Duration(3_000_000 + random.Below(4_000_000));
            }

            if (came.Count > 0)
            {
                TakeAll(ref tracker, came, looked, delay, clockError, $"seed {seed}, read {read}", isLate: came[^1] + delay - looked > s_bunch);
            }

            looked = now;
        }
    }

    /// <summary>A path that stalled let nothing through: the bound holds the gap however the sender's stamps look.</summary>
    [Fact]
    public void A_stall_of_the_network_still_shows_where_the_reader_was_late_too()
    {
        var tracker = new ArrivalTracker(s_bunch);
        var start = new MonoTime(1_000_000_000);
        tracker.Take(Read(start, start), Stamp(start), isLast: true, isAlone: true);
        var looked = start + Duration.FromMilliseconds(200);
        var arrived = looked + Duration.FromMilliseconds(30);
        var first = tracker.Take(Read(looked, arrived), Stamp(start + Duration.FromMilliseconds(5)), isLast: false, isAlone: false);
        var last = tracker.Take(Read(looked, arrived), Stamp(start + Duration.FromMilliseconds(10)), isLast: true, isAlone: false);
        Assert.Equal(Duration.FromMilliseconds(200), first.Interval);
        Assert.Equal(Duration.FromMilliseconds(30), last.Interval);
        Assert.Equal((ArrivalQuality.Reconstructed, ArrivalQuality.Reconstructed), (first.Quality, last.Quality));
    }

    [Fact]
    public void Heartbeats_that_travelled_together_share_the_stamp()
    {
        var tracker = new ArrivalTracker(s_bunch);
        var start = new MonoTime(1_000_000_000);
        tracker.Take(Read(start, start), Stamp(start), isLast: true, isAlone: true);
        var arrived = start + Duration.FromMilliseconds(15);
        var looked = arrived - Duration.FromMilliseconds(1);
        var first = tracker.Take(Read(looked, arrived), Stamp(start + Duration.FromMilliseconds(5)), isLast: false, isAlone: false);
        var last = tracker.Take(Read(looked, arrived), Stamp(start + Duration.FromMilliseconds(10)), isLast: true, isAlone: false);
        Assert.Equal((Duration.FromMilliseconds(15), Duration.Zero), (first.Interval!.Value, last.Interval!.Value));
        Assert.Equal((ArrivalQuality.Bunched, ArrivalQuality.Bunched), (first.Quality, last.Quality));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Whatever_the_stamps_claim_arrivals_stay_in_their_bounds_and_in_order(ulong seed)
    {
        var random = new SplitMix64(seed);
        var tracker = new ArrivalTracker(s_bunch);
        var looked = new MonoTime(1_000_000_000);
        long[] ends = [long.MinValue, long.MinValue + 1, -1, 0, 1, long.MaxValue - 1, long.MaxValue];
        for (var read = 0; read < 3_000; read++)
        {
            var arrived = looked + new Duration(random.Below(40_000_000));
            var count = 1 + random.Below(6);
            for (var i = 0; i < count; i++)
            {
                var stamp = random.Below(2) == 0 ? ends[random.Below(ends.Length)] : (long)random.Next();
                var (before, hadLast) = (tracker.Last, tracker.HasLast);
                var arrival = tracker.Take(Read(looked, arrived), stamp, i == count - 1, count == 1);
                var story = $"seed {seed}, read {read}, heartbeat {i}, stamp {stamp}: {arrival}, {tracker.Last} in {looked} to {arrived}";
                Assert.True(tracker.Last >= looked && tracker.Last <= arrived, story);
                Assert.True(!hadLast || (tracker.Last >= before && arrival.Interval == tracker.Last - before), story);
                Assert.True(arrival.Delta == WallOf(tracker.Last) - WallTime.FromMicroseconds(stamp), story);
                Assert.True(arrival.Delta.Nanoseconds > long.MinValue, story);
            }

            Assert.Equal(arrived, tracker.Last);
            looked = arrived + new Duration(random.Below(2) * random.Below(5_000_000));
        }
    }

    private static void TakeAll(
        ref ArrivalTracker tracker, List<MonoTime> sent, MonoTime looked, Duration delay, Duration clockError, string story, bool isLate)
    {
        var moment = Read(looked, sent[^1] + delay);
        for (var i = 0; i < sent.Count; i++)
        {
            var hadLast = tracker.HasLast;
            var arrival = tracker.Take(moment, Stamp(sent[i] + clockError), i == sent.Count - 1, sent.Count == 1);
            if (isLate && hadLast)
            {
                var error = (tracker.Last - (sent[i] + delay)).Abs();
                Assert.True(error <= Duration.FromMicroseconds(1), $"{story}, heartbeat {i} of {sent.Count}: off by {error}");
                Assert.True((arrival.Delta - (delay - clockError)).Abs() <= Duration.FromMicroseconds(2), $"{story}: {arrival.Delta}");
                Assert.Equal(sent.Count == 1 ? ArrivalQuality.Stamped : ArrivalQuality.Reconstructed, arrival.Quality);
            }
        }
    }

    private static WallTime WallOf(MonoTime at) => new(at.Nanoseconds + WallOffset);

    private static long Stamp(MonoTime at) => WallOf(at).Microseconds;

    private static ReadMoment Read(MonoTime looked, MonoTime arrived) => new(looked, arrived, WallOf(arrived), StampSource.Kernel);
}
