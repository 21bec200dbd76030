using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Membership;

public sealed class SendWheelTests
{
    private static readonly MonoTime s_origin = Nodes.At(1_000);
    private static readonly Duration s_interval = Duration.FromMilliseconds(5);

    [Theory]
    [InlineData(100)]
    [InlineData(5_000)]
    [InlineData(20_000)]
    [InlineData(1_000_000)]
    [InlineData(60_000_000)]
    public void The_interval_is_kept_to_a_microsecond_and_the_sockets_are_looked_at_every_5_ms(long microseconds)
    {
        var interval = Duration.FromMicroseconds(microseconds);
        var wheel = new SendWheel(s_origin, interval);
        Assert.InRange(wheel.Interval.Nanoseconds, interval.Nanoseconds - (interval.Nanoseconds / 1_000) - 1, interval.Nanoseconds);
        Assert.True(wheel.Interval.Nanoseconds > interval.Nanoseconds - 12_001);
        Assert.InRange(wheel.LookInterval.Nanoseconds, 1, Math.Min(5_000_000, wheel.Interval.Nanoseconds / 4));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_punctual_caller_gives_each_connection_one_turn_per_interval(ulong seed)
    {
        var random = new SplitMix64(seed);
        var bench = new Bench(s_interval);
        for (var i = 0; i < 3_000; i++)
        {
            if (random.Below(40) == 0)
            {
                bench.Add();
            }
            else if (random.Below(60) == 0)
            {
                bench.RemoveAny(random);
            }

            var wake = bench.Wheel.NextWake;
            Assert.True(wake > bench.Now, $"seed {seed}, round {i}: {wake} after {bench.Now}");
            Assert.True(wake - bench.Now <= bench.Wheel.LookInterval, $"seed {seed}, round {i}: slept {wake - bench.Now}");
            bench.Turn(wake, (connection, slot) =>
            {
                Assert.True(slot is { Skipped: 0, Lateness.Nanoseconds: 0 }, $"seed {seed}, round {i}: {slot}");
                Assert.True(slot.SinceLast is null || slot.SinceLast == bench.Wheel.Interval, $"seed {seed}, round {i}: {slot}");
            });
        }

        Assert.True(bench.Turns > 500);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(19)]
    [InlineData(20)]
    [InlineData(333)]
    public void Sends_are_spread_evenly_over_the_interval(int connections)
    {
        var bench = new Bench(s_interval);
        for (var i = 0; i < connections; i++)
        {
            bench.Add();
        }

        var perMoment = new Dictionary<long, int>();
        for (var end = bench.Now + (bench.Wheel.Interval * 2); bench.Now < end;)
        {
            bench.Turn(bench.Wheel.NextWake, (_, slot) =>
            {
                var moment = (slot.Intended - s_origin).Nanoseconds % bench.Wheel.Interval.Nanoseconds;
                perMoment[moment] = perMoment.GetValueOrDefault(moment) + 1;
            });
        }

        Assert.Equal(Math.Min(connections, 10), perMoment.Count);
        Assert.InRange(perMoment.Values.Max() - perMoment.Values.Min(), 0, 2);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void However_late_and_however_many_come_and_go_during_a_turn_no_grid_point_is_lost_or_sent_twice(ulong seed)
    {
        var random = new SplitMix64(seed);
        var bench = new Bench(s_interval);
        for (var i = 0; i < 3_000; i++)
        {
            var late = random.Below(200) == 0 ? Duration.FromSeconds(random.Below(7_200)) : new Duration(random.Below(4) * random.Below(10_000_000));
            bench.Turn(bench.Wheel.NextWake + late, (connection, slot) =>
            {
                switch (random.Below(60))
                {
                    case 0:
                        bench.Add();
                        break;
                    case 1:
                        bench.Remove(connection);
                        break;
                    case 2:
                        bench.RemoveAny(random);
                        break;
                }
            });
            if (bench.Count < 5)
            {
                bench.Add();
            }

            bench.CheckGrid($"seed {seed}, round {i}");
            Assert.True(bench.Wheel.NextWake > bench.Now, $"seed {seed}, round {i}: would spin");
        }
    }

    [Fact]
    public void After_hours_each_connection_gets_one_turn_and_not_a_burst()
    {
        var bench = new Bench(s_interval);
        for (var i = 0; i < 100; i++)
        {
            bench.Add();
        }

        bench.Turn(bench.Now + (s_interval * 3), (_, _) => { });
        var turns = new Dictionary<int, int>();
        bench.Turn(bench.Now + Duration.FromSeconds(7_200), (connection, slot) =>
        {
            turns[connection.Id] = turns.GetValueOrDefault(connection.Id) + 1;
            Assert.InRange(slot.Skipped, 1_439_990, 1_440_000);
        });
        Assert.Equal(100, turns.Count);
        Assert.All(turns.Values, count => Assert.Equal(1, count));
    }

    [Fact]
    public void A_round_that_was_broken_off_is_due_at_once()
    {
        var bench = new Bench(s_interval);
        for (var i = 0; i < 100; i++)
        {
            bench.Add();
        }

        bench.Turn(bench.Now + (s_interval * 2), (_, _) => { });
        var late = bench.Now + (s_interval * 2);
        for (var i = 0; i < 42; i++)
        {
            Assert.True(bench.Wheel.TryNext(late, out _));
        }

        Assert.True(bench.Wheel.NextWake <= late);
        for (var i = 42; i < 100; i++)
        {
            Assert.True(bench.Wheel.TryNext(late, out _), $"turn {i}");
        }

        Assert.False(bench.Wheel.TryNext(late, out _));
        Assert.True(bench.Wheel.NextWake > late);
    }

    [Fact]
    public void An_empty_wheel_wakes_to_look_and_a_connection_is_taken_out_only_once()
    {
        var wheel = new SendWheel(s_origin, s_interval);
        Assert.Equal(s_origin + wheel.LookInterval, wheel.NextWake);
        Assert.False(wheel.TryNext(s_origin - Duration.FromSeconds(1), out _));
        var connection = new MeshConnection(0, outbound: true, Nodes.Of(1), s_origin);
        wheel.Remove(connection);
        wheel.Add(connection);
        wheel.Remove(connection);
        wheel.Remove(connection);
        Assert.False(wheel.TryNext(s_origin + Duration.FromSeconds(1), out _));
    }

    /// <summary>A wheel, its connections with their schedules, and an account of every connection's grid points.</summary>
    private sealed class Bench(Duration interval)
    {
        private readonly List<MeshConnection> _connections = [];
        private readonly Dictionary<int, (MonoTime First, long Points)> _grid = [];
        private int _lastId;

        public SendWheel Wheel { get; } = new(s_origin, interval);

        public MonoTime Now { get; private set; } = s_origin;

        public int Count => _connections.Count;

        public long Turns { get; private set; }

        public void Add()
        {
            var connection = new MeshConnection(++_lastId, outbound: true, Nodes.Of(_lastId), Now);
            var first = Wheel.Add(connection);
            connection.Schedule = new SendSchedule(first, Wheel.Interval);
            _connections.Add(connection);
            _grid[connection.Id] = (first, 0);
        }

        public void Remove(MeshConnection connection)
        {
            _connections.Remove(connection);
            Wheel.Remove(connection);
        }

        public void RemoveAny(SplitMix64 random)
        {
            if (Count > 0)
            {
                Remove(_connections[random.Below(Count)]);
            }
        }

        public void Turn(MonoTime now, Action<MeshConnection, SendSlot> taken)
        {
            Now = now;
            while (Wheel.TryNext(now, out var connection))
            {
                Assert.Contains(connection, _connections);
                if (connection.Schedule.TryTake(now, out var slot))
                {
                    Turns++;
                    var (first, points) = _grid[connection.Id];
                    _grid[connection.Id] = (first, points + 1 + slot.Skipped);
                    taken(connection, slot);
                }
            }
        }

        /// <summary>Sent and skipped points make up the grid: all that have come, but for those whose slot comes next.</summary>
        public void CheckGrid(string story)
        {
            foreach (var connection in _connections)
            {
                var (first, points) = _grid[connection.Id];
                var passed = Now < first ? 0 : ((Now - first).Nanoseconds / Wheel.Interval.Nanoseconds) + 1;
                Assert.True(points == passed, $"{story}: {points} of {passed} of connection {connection.Id}");
            }
        }
    }
}
