using Meshpulse.Cli.Console;

namespace Meshpulse.Cli.Tests.Console;

public class CellTextTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("abc", 3)]
    [InlineData("größe", 5)]
    [InlineData("gro\u0308ße", 5)]
    [InlineData("東京", 4)]
    [InlineData("한국", 4)]
    [InlineData("a\U0001F680", 3)]
    public void Width_is_counted_in_cells(string text, int cells) => Assert.Equal(cells, CellText.Width(text));

    [Theory]
    [InlineData("abcdef", 6, "abcdef", "abcdef")]
    [InlineData("abcdef", 5, "abc..", "..def")]
    [InlineData("abcdef", 2, "ab", "ef")]
    [InlineData("abcdef", 0, "", "")]
    [InlineData("東京都", 5, "東..", "..都")]
    [InlineData("東京都", 1, "", "")]
    [InlineData("\U0001F680\U0001F680", 3, "..", "..")]
    public void What_is_too_long_is_cut_between_characters(string text, int cells, string head, string tail)
    {
        Assert.Equal(head, CellText.CutEnd(text, cells));
        Assert.Equal(tail, CellText.CutStart(text, cells));
    }
}
