using System.Reflection;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Time;

public sealed class ClockTimesTests
{
    private const BindingFlags Operators = BindingFlags.Public | BindingFlags.Static;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(999, 0)]
    [InlineData(1_000, 1)]
    [InlineData(-1, -1)]
    [InlineData(-1_000, -1)]
    [InlineData(-1_001, -2)]
    [InlineData(long.MaxValue, long.MaxValue / 1_000)]
    [InlineData(long.MinValue, (long.MinValue / 1_000) - 1)]
    public void Wall_microseconds_are_rounded_down_before_the_epoch_too(long nanoseconds, long expected) =>
        Assert.Equal(expected, new WallTime(nanoseconds).Microseconds);

    [Theory]
    [InlineData(1_700_000_000_000_000, 1_700_000_000_000_000_000)]
    [InlineData(-3, -3_000)]
    [InlineData(long.MaxValue / 1_000, long.MaxValue / 1_000 * 1_000)]
    [InlineData((long.MaxValue / 1_000) + 1, long.MaxValue)]
    [InlineData(long.MaxValue, long.MaxValue)]
    [InlineData(long.MinValue / 1_000, long.MinValue / 1_000 * 1_000)]
    [InlineData((long.MinValue / 1_000) - 1, long.MinValue)]
    [InlineData(long.MinValue, long.MinValue)]
    public void A_stamp_of_any_value_is_a_wall_time(long microseconds, long expected) =>
        Assert.Equal(expected, WallTime.FromMicroseconds(microseconds).Nanoseconds);

    [Theory]
    [InlineData(3)]
    public void The_difference_of_two_wall_times_saturates_and_keeps_its_sign(ulong seed)
    {
        var random = new SplitMix64(seed);
        long[] ends = [long.MinValue, long.MinValue + 1, -1, 0, 1, long.MaxValue - 1, long.MaxValue];
        for (var i = 0; i < 5_000; i++)
        {
            var a = random.Below(3) == 0 ? ends[random.Below(ends.Length)] : (long)random.Next();
            var b = random.Below(3) == 0 ? ends[random.Below(ends.Length)] : (long)random.Next();
            var exact = (Int128)a - b;
            var difference = new WallTime(a) - new WallTime(b);
            Assert.Equal((long)Int128.Clamp(exact, -long.MaxValue, long.MaxValue), difference.Nanoseconds);
            Assert.True(difference.Abs() >= Duration.Zero, $"seed {seed}, round {i}");
        }
    }

    [Fact]
    public void Monotonic_and_wall_arithmetic_go_there_and_back()
    {
        var span = Duration.FromMilliseconds(-42);
        var (mono, wall) = (new MonoTime(1_000_000_000), new WallTime(1_700_000_000_000_000_000));
        Assert.Equal(span, mono + span - mono);
        Assert.Equal(mono, mono + span - span);
        Assert.Equal(span, wall + span - wall);
        Assert.Equal(wall, wall + span - span);
        Assert.Equal(mono + span, MonoTime.Min(mono, mono + span));
        Assert.True(mono < MonoTime.Never && mono + span < mono && mono <= mono + Duration.Zero && mono > mono + span && mono >= mono + span);
        Assert.True(wall + span < wall && wall + span <= wall && wall > wall + span && wall >= wall + Duration.Zero);
        Assert.Equal((-1, 1), ((mono + span).CompareTo(mono), wall.CompareTo(wall + span)));
    }

    /// <summary>Stands for a compile-time check: what no operator and no conversion offers, the compiler refuses.</summary>
    [Fact]
    public void No_operator_takes_times_of_both_clocks()
    {
        Assert.NotEmpty(OperatorsOn(typeof(MonoTime), typeof(MonoTime)));
        Assert.NotEmpty(OperatorsOn(typeof(WallTime), typeof(WallTime)));
        Assert.Empty(OperatorsOn(typeof(MonoTime), typeof(WallTime)));
        Assert.Empty(OperatorsOn(typeof(WallTime), typeof(MonoTime)));
        Assert.Empty(Conversions(typeof(MonoTime), typeof(WallTime), typeof(Duration), typeof(long)));
        Assert.NotEmpty(Conversions(typeof(Int128)));
    }

    private static IEnumerable<MethodInfo> OperatorsOn(Type left, Type right) =>
        new[] { left, right }.Distinct().SelectMany(t => t.GetMethods(Operators)).Where(m => m.Name == "op_Subtraction"
            && m.GetParameters() is [var a, var b] && a.ParameterType.IsAssignableFrom(left) && b.ParameterType.IsAssignableFrom(right));

    private static IEnumerable<MethodInfo> Conversions(params Type[] types) =>
        types.Where(t => t != typeof(long)).SelectMany(t => t.GetMethods(Operators)).Where(m => m.Name is "op_Implicit" or "op_Explicit");
}
