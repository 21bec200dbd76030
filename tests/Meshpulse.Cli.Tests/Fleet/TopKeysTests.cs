using System.Text;
using Meshpulse.Cli.Fleet;

namespace Meshpulse.Cli.Tests.Fleet;

public sealed class TopKeysTests
{
    [Theory]
    [InlineData("q", new[] { TopKey.Quit })]
    [InlineData("\e[A\e[B\eOC\eOD", new[] { TopKey.Up, TopKey.Down, TopKey.Right, TopKey.Left })]
    [InlineData("\e[5~\e[6~", new[] { TopKey.PageUp, TopKey.PageDown })]
    [InlineData("c\tvVp ?\f", new[] { TopKey.NextFigure, TopKey.NextFigure, TopKey.NextVerdict, TopKey.PreviousVerdict, TopKey.Pause, TopKey.Pause, TopKey.Help, TopKey.Redraw })]
    [InlineData("xyz\r\n", new TopKey[0])]
    public void Keys_are_known(string typed, TopKey[] keys) => Assert.Equal(keys, new TopKeys().Read(Encoding.Latin1.GetBytes(typed)));

    [Fact]
    public void Sequences_that_are_none_of_ours_do_nothing_and_hide_nothing()
    {
        // Home, F5, Ctrl-Right, Alt-q: letters and digits in them are no keys.
        Assert.Equal([TopKey.NextFigure], new TopKeys().Read("\e[H\e[15~\e[1;5q\eqc"u8));
    }

    [Fact]
    public void A_sequence_may_come_in_pieces()
    {
        var keys = new TopKeys();
        Assert.Empty(keys.Read("\e"u8));
        Assert.Empty(keys.Read("["u8));
        Assert.Equal([TopKey.Up], keys.Read("A"u8));
    }

    [Fact]
    public void An_escape_alone_is_no_beginning()
    {
        var keys = new TopKeys();
        Assert.Empty(keys.Read("\e"u8));
        keys.EndOfInput();
        Assert.Equal([TopKey.Quit], keys.Read("q"u8));
    }

    [Fact]
    public void Anything_at_all_can_be_typed()
    {
        const int Seed = 4711;
        var random = new Random(Seed);
        var keys = new TopKeys();
        var typed = new byte[100_000];
        random.NextBytes(typed);
        _ = keys.Read(typed);
        keys.EndOfInput();
        Assert.Equal([TopKey.Quit], keys.Read("q"u8));
    }
}
