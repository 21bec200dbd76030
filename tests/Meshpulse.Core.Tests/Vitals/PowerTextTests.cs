using System.Text;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Core.Tests.Vitals;

public class PowerTextTests
{
    [Theory]
    [InlineData("powersave\n", "powersave")]
    [InlineData("haltpoll idle\n", "haltpoll_idle")]
    [InlineData("C10\u0001\u00e4", "C10___")]
    [InlineData("\n", null)]
    [InlineData("", null)]
    public void A_name_is_one_clean_word(string text, string? word) => Assert.Equal(word, PowerText.Word(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_long_name_is_cut() => Assert.Equal(64, PowerText.Word(Encoding.ASCII.GetBytes(new string('x', 5_000)))!.Length);

    [Fact]
    public void Latencies_are_microseconds()
    {
        Assert.Equal(Duration.FromMicroseconds(890), PowerText.ExitLatency("890\n"u8));
        Assert.Null(PowerText.ExitLatency("\n"u8));
        Assert.Null(PowerText.ExitLatency("-1\n"u8));
        Assert.True(PowerText.IsDisabled("1\n"u8));
        Assert.False(PowerText.IsDisabled("0\n"u8));
        Assert.False(PowerText.IsDisabled(default));
    }

    [Theory]
    [InlineData("quiet idle=poll ro\n", "poll")]
    [InlineData("idle=halt idle=nomwait", "nomwait")]
    [InlineData("intel_idle.max_cstate=1 idle_x=1 myidle=poll\n", null)]
    [InlineData("a=\"b idle=poll c\" ro\n", null)]
    [InlineData("\"idle=poll\" ro\n", "poll")]
    [InlineData("ro -- idle=poll\n", null)]
    [InlineData("idle=\n", null)]
    [InlineData("", null)]
    public void The_idle_option_is_found(string text, string? option) => Assert.Equal(option, PowerText.IdleOption(Encoding.ASCII.GetBytes(text)));
}
