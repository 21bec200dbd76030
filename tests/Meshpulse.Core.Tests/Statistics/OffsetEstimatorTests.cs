using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Statistics;

public class OffsetEstimatorTests
{
    private const long Ms = 1_000_000;
    private const int Seeds = 40;

    [Fact]
    public void Without_samples_nothing_is_known()
    {
        var estimator = new OffsetEstimator();
        Assert.Equal(OffsetInterval.Unknown, estimator.Read(new MonoTime(5)));
        Assert.Null(estimator.Read(new MonoTime(5)).Forward(new Duration(7)));
        Assert.Null(estimator.QueueFreeRoundTrip(new MonoTime(5)));
    }

    [Fact]
    public void Whatever_the_queues_and_the_drift_the_interval_holds_the_truth_and_the_delays_lie_in_their_bounds()
    {
        for (var seed = 1UL; seed <= Seeds; seed++)
        {
            var world = new ClockWorld(seed);
            for (var i = 0; i < 3_000; i++)
            {
                var (exchange, forward, backward) = world.Next();
                var taken = world.Estimator.Add(exchange);
                var interval = world.Estimator.Read(exchange.Arrived);
                Assert.True(interval.Contains(world.OffsetNow), $"seed {seed}, sample {i}: {interval} without {world.OffsetNow}");
                Assert.True(taken == OffsetSample.Taken || world.Estimator.IsSuspicious, $"seed {seed}, sample {i}: {taken}");
                if (interval.Forward(exchange.Forward) is { } there && interval.Backward(exchange.Backward) is { } back)
                {
                    // The truth of this packet and that of now differ by what drifted during it.
                    var slack = new Duration(20_000);
                    Assert.True(there.Low - slack <= forward && forward <= there.High + slack, $"seed {seed}, sample {i}: {there}, {forward}");
                    Assert.True(back.Low - slack <= backward && backward <= back.High + slack, $"seed {seed}, sample {i}: {back}, {backward}");
                }
            }

            Assert.True(world.Estimator.Steps == 0, $"seed {seed}: {world.Estimator.LastStep}");
        }
    }

    [Fact]
    public void It_narrows_to_the_shortest_round_trip()
    {
        for (var seed = 1UL; seed <= Seeds; seed++)
        {
            var world = new ClockWorld(seed);
            MonoTime now = default;
            for (var i = 0; i < 3_000; i++)
            {
                var (exchange, _, _) = world.Next();
                world.Estimator.Add(exchange);
                now = exchange.Arrived;
            }

            var width = world.Estimator.Read(now).Width;
            // Half a second old at 200 ppm in both directions, and the queue that the best of hundreds still met.
            Assert.True(width <= world.BaseRoundTrip + new Duration(2 * Ms), $"seed {seed}: {width} of {world.BaseRoundTrip}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_step_of_the_other_clock_is_found_within_two_seconds_and_never_looks_like_latency(bool isWatched)
    {
        for (var seed = 1UL; seed <= Seeds; seed++)
        {
            var world = new ClockWorld(seed) { QueueChance = 0.3 };
            var estimator = world.Estimator;
            if (isWatched)
            {
                estimator.WatchLocalClock();
            }

            for (var i = 0; i < 500; i++)
            {
                estimator.Add(world.Next().Exchange);
            }

            // From under the round trip to far above it, either way.
            var step = new Duration((long)((seed % 2 == 0 ? 1 : -1) * Ms * Math.Pow(10, seed % 5 / 1.5)));
            step *= 2;
            world.Offset += step;
            var stepped = world.Now;
            while (estimator.Steps == 0)
            {
                var (exchange, forward, _) = world.Next();
                var taken = estimator.Add(exchange);
                Assert.True(exchange.Arrived - stepped <= Duration.FromSeconds(2), $"seed {seed}: {step} not found");
                if (taken == OffsetSample.Taken && estimator.Read(exchange.Arrived).Forward(exchange.Forward) is { } bound)
                {
                    Assert.True(bound.Low <= forward + new Duration(20_000), $"seed {seed}: {bound} for {forward}");
                }
            }

            var found = estimator.LastStep!.Value;
            Assert.Equal(isWatched ? ClockSide.Remote : ClockSide.Unknown, found.Side);
            Assert.True((found.OffsetChange - step).Abs() <= new Duration(Math.Max(3 * Ms, step.Abs().Nanoseconds / 4)), $"seed {seed}: {found} for {step}");
            Assert.True(estimator.Read(world.Now).Contains(world.OffsetNow), $"seed {seed}: {estimator.Read(world.Now)}, {world.OffsetNow}");
        }
    }

    [Theory]
    [InlineData(3_600_000)]
    [InlineData(-5_000)]
    public void A_step_is_found_although_samples_from_before_it_come_behind_the_first_ones_after_it(long milliseconds)
    {
        for (var seed = 1UL; seed <= Seeds; seed++)
        {
            var world = new ClockWorld(seed) { QueueChance = 0.3 };
            for (var i = 0; i < 500; i++)
            {
                world.Estimator.Add(world.Next().Exchange);
            }

            // A flow's last sample waits for its next reply, which may be long in coming where it is lost or was never sent.
            var held = Enumerable.Range(0, 7).Select(_ => world.Next().Exchange).ToList();
            world.Offset += Duration.FromMilliseconds(milliseconds);
            for (var i = 0; i < 60; i++)
            {
                world.Estimator.Add(world.Next().Exchange);
                if (i % 4 == (int)(seed % 4) && i / 4 < held.Count)
                {
                    world.Estimator.Add(held[i / 4]);
                }
            }

            Assert.True(world.Estimator.Steps == 1, $"seed {seed}: {world.Estimator.Steps} steps");
            Assert.True(world.Estimator.Read(world.Now).Contains(world.OffsetNow), $"seed {seed}: {world.Estimator.Read(world.Now)}, {world.OffsetNow}");
        }
    }

    [Fact]
    public void A_step_of_our_own_clock_is_named_and_what_lies_across_it_is_dropped()
    {
        var world = new ClockWorld(3);
        for (var i = 0; i < 100; i++)
        {
            world.Estimator.Add(world.Next().Exchange);
        }

        var across = world.Next().Exchange;
        var step = Duration.FromSeconds(30);
        world.Estimator.NoteLocalStep(across.Arrived, step);
        Assert.Equal(new ClockStep(ClockSide.Local, -step, across.Arrived), world.Estimator.LastStep);
        Assert.Equal(OffsetInterval.Unknown, world.Estimator.Read(across.Arrived));
        Assert.Equal(OffsetSample.Dropped, world.Estimator.Add(across));
        world.LocalStep(step);
        Assert.Equal(OffsetSample.Taken, world.Estimator.Add(world.Next().Exchange));
        Assert.True(world.Estimator.Read(world.Now).Contains(world.OffsetNow));
    }

    [Fact]
    public void A_new_path_is_not_a_step()
    {
        for (var seed = 1UL; seed <= Seeds; seed++)
        {
            var world = new ClockWorld(seed) { QueueChance = 0.3 };
            for (var i = 0; i < 2_000; i++)
            {
                if (i == 500)
                {
                    world.ForwardBase += 20 * Ms;
                }
                else if (i == 1_000)
                {
                    world.ForwardBase -= 20 * Ms;
                    world.BackwardBase += 35 * Ms;
                }

                world.Estimator.Add(world.Next().Exchange);
                Assert.True(world.Estimator.Read(world.Now).Contains(world.OffsetNow), $"seed {seed}, {i}");
            }

            Assert.True(world.Estimator.Steps == 0, $"seed {seed}: {world.Estimator.LastStep}");
        }
    }

    [Fact]
    public void Timestamps_that_contradict_each_other_are_dropped()
    {
        var exchange = new ClockWorld(5).Next().Exchange;
        var estimator = new OffsetEstimator();
        Assert.Equal(OffsetSample.Dropped, estimator.Add(exchange with { T4 = exchange.T4 + Duration.FromSeconds(1) }));
        Assert.Equal(OffsetSample.Dropped, estimator.Add(exchange with { T3 = exchange.T3 + Duration.FromSeconds(1) }));
        Assert.Equal(OffsetSample.Dropped, estimator.Add(exchange with { T3 = exchange.T2 - new Duration(1) }));
        Assert.Equal(OffsetSample.Dropped, estimator.Add(exchange with { Arrived = exchange.Sent - new Duration(1) }));
        Assert.Equal(OffsetSample.Taken, estimator.Add(exchange));
    }

    [Fact]
    public void Old_samples_lose_their_worth_and_are_forgotten_after_a_minute()
    {
        var world = new ClockWorld(9);
        var exchange = world.Next().Exchange;
        world.Estimator.Add(exchange);
        var fresh = world.Estimator.Read(exchange.Arrived).Width;
        var later = world.Estimator.Read(exchange.Arrived + Duration.FromSeconds(30)).Width;
        Assert.InRange((later - fresh).Nanoseconds, 2 * 30 * 200_000, (2 * 30 * 200_000) + 1_000);
        Assert.Equal(OffsetInterval.Unknown, world.Estimator.Read(exchange.Arrived + Duration.FromSeconds(66)));
    }

    /// <summary>Two hosts, with delays that are never below their base; queues differ by direction.</summary>
    private sealed class ClockWorld
    {
        private readonly SplitMix64 _random;
        private readonly long _interval;
        private readonly double _ppm;
        private Duration _localShift;

        public ClockWorld(ulong seed)
        {
            _random = new SplitMix64(seed);
            Offset = new Duration((long)(_random.Next() >> 1) % (1_000_000_000L * Ms / 1_000));
            _ppm = (_random.NextDouble() - 0.5) * 400;
            ForwardBase = 100_000 + _random.Below((int)(20 * Ms));
            BackwardBase = 100_000 + _random.Below((int)(20 * Ms));
            _interval = (5 + _random.Below(45)) * Ms;
        }

        public OffsetEstimator Estimator { get; } = new();

        public double QueueChance { get; init; } = 0.6;

        public Duration Offset { get; set; }

        public long ForwardBase { get; set; }

        public long BackwardBase { get; set; }

        public MonoTime Now { get; private set; } = new(3_600_000 * Ms);

        public Duration BaseRoundTrip => new(ForwardBase + BackwardBase);

        public Duration OffsetNow => OffsetAt(Now);

        public void LocalStep(Duration by) => _localShift += by;

        /// <summary>The next exchange, done before the one after it begins.</summary>
        public (ClockExchange Exchange, Duration Forward, Duration Backward) Next()
        {
            var sent = Now + new Duration(_interval);
            var forward = new Duration(ForwardBase + Queue());
            var backward = new Duration(BackwardBase + Queue());
            var received = sent + forward;
            var answered = received + new Duration(_random.Below(200_000));
            Now = answered + backward;
            var exchange = new ClockExchange(
                Local(sent), Local(received) + OffsetAt(received), Local(answered) + OffsetAt(answered), Local(Now), sent, Now);
            return (exchange, forward, backward);
        }

        private WallTime Local(MonoTime at) => new WallTime(1_700_000_000_000 * Ms) + new Duration(at.Nanoseconds) + _localShift;

        private Duration OffsetAt(MonoTime at) =>
            Offset - _localShift + new Duration((long)((at.Nanoseconds - (3_600_000 * Ms)) * _ppm / 1e6));

        private long Queue() => _random.NextDouble() < QueueChance ? (long)(-Math.Log(1 - _random.NextDouble()) * 5 * Ms) : _random.Below(50_000);
    }
}
