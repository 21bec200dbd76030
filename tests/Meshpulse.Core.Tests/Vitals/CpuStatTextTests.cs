using Meshpulse.Core.Vitals;

namespace Meshpulse.Core.Tests.Vitals;

public class CpuStatTextTests
{
    private readonly CpuTicks[] _cpus = new CpuTicks[4];

    [Fact]
    public void Each_CPU_has_its_times_and_the_sum_of_all_is_left_out()
    {
        var count = CpuStatText.Read(
            "cpu  1463124 58957 169690 672431 8024 0 9184 3035 7 8\ncpu0 733255 27908 84403 339481 2243 1 4707 1520 7 8\ncpu3 1 2 3 4 5 6 7 8 9 10\nintr 26720608 0 0\nctxt 146684084\n"u8,
            _cpus);
        Assert.Equal(2, count);
        // Guests are in user and nice already.
        Assert.Equal(new CpuTicks(0, 733255 + 27908 + 84403 + 1 + 4707, 339481, 2243, 1520), _cpus[0]);
        Assert.Equal(new CpuTicks(3, 1 + 2 + 3 + 6 + 7, 4, 5, 8), _cpus[1]);
    }

    [Fact]
    public void A_line_that_is_short_or_has_a_number_that_does_not_fit_is_passed_over()
    {
        var count = CpuStatText.Read("cpu0 1 2 3 4 5 6 7\ncpu1 1 2 3 4 5 6 7 99999999999999999999\ncpu9999 1 2 3 4 5 6 7 8\ncpux 1 2 3 4 5 6 7 8\ncpu2 1 1 1 1 1 1 1 1\n"u8, _cpus);
        Assert.Equal(1, count);
        Assert.Equal(new CpuTicks(2, 5, 1, 1, 1), _cpus[0]);
    }

    [Fact]
    public void Sums_of_the_largest_numbers_saturate()
    {
        const string max = "9223372036854775807";
        var text = System.Text.Encoding.ASCII.GetBytes($"cpu0 {max} {max} {max} {max} {max} {max} {max} {max}\n");
        Assert.Equal(1, CpuStatText.Read(text, _cpus));
        Assert.Equal(new CpuTicks(0, long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue), _cpus[0]);
    }

    [Fact]
    public void No_more_is_read_than_there_is_room_for() =>
        Assert.Equal(1, CpuStatText.Read("cpu0 1 1 1 1 1 1 1 1\ncpu1 1 1 1 1 1 1 1 1\n"u8, _cpus.AsSpan(0, 1)));
}
