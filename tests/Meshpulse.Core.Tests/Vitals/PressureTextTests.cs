using System.Text;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Core.Tests.Vitals;

public class PressureTextTests
{
    [Fact]
    public void The_totals_are_microseconds() => Assert.Equal(
        new PressureTime(Duration.FromMicroseconds(6_933_931_155), Duration.FromMicroseconds(17)),
        PressureText.Read("some avg10=69.91 avg60=83.23 avg300=52.41 total=6933931155\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=17\n"u8));

    [Fact]
    public void Without_the_second_line_full_is_zero() =>
        Assert.Equal(new PressureTime(Duration.FromMicroseconds(5), Duration.Zero), PressureText.Read("some avg10=0.00 avg60=0.00 avg300=0.00 total=5"u8));

    [Theory]
    [InlineData("")]
    [InlineData("full avg10=0.00 total=5\n")]
    [InlineData("some avg10=0.00 avg60=0.00\n")]
    [InlineData("some total=-5\n")]
    [InlineData("some total=99999999999999999999\n")]
    [InlineData("some total=\n")]
    public void What_has_no_total_is_nothing(string text) => Assert.Null(PressureText.Read(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void A_total_beyond_what_a_span_holds_is_the_longest() =>
        Assert.Equal(Duration.MaxValue, PressureText.Read("some total=9223372036854775807"u8)!.Value.Some);
}
