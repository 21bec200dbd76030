using Meshpulse.Agent.Analysis;

namespace Meshpulse.Agent.Tests.Analysis;

public sealed class PrintedTextTests
{
    [Fact]
    public void Lines_come_as_they_are_with_the_end_behind_them()
    {
        var printed = new PrintedText();
        printed.Add("one\ttwo");
        printed.Add("");
        printed.Add("three");
        Assert.False(printed.IsFull);
        Assert.Equal("one\ttwo\n\nthree\n# after 1.0 s: exit code 3\n", printed.With("after 1.0 s: exit code 3"));
    }

    [Fact]
    public void Nothing_printed_still_says_how_it_ended() => Assert.Equal("# exit code 0\n", new PrintedText().With("exit code 0"));

    [Theory]
    [InlineData(1)]
    [InlineData(99)]
    [InlineData(4_096)]
    [InlineData(100_000)]
    public void What_is_too_much_is_cut_with_a_mark(int length)
    {
        var printed = new PrintedText();
        var lines = 0;
        for (; !printed.IsFull; lines++)
        {
            Assert.True(lines <= PrintedText.MaxLength, "it is never full");
            printed.Add(new string('x', length));
        }

        printed.Add("more");
        var text = printed.With(new string('e', 10_000));
        Assert.InRange(text.Length, PrintedText.MaxLength - 100, PrintedText.MaxLength);
        Assert.Contains("x\n(cut)\n# eee", text, StringComparison.Ordinal);
        Assert.DoesNotContain("more", text, StringComparison.Ordinal);
    }
}
