using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Core.Tests.Probing.Stamp;

public sealed class StampDirectTallyTests
{
    private readonly StampDirectTally _tally = new();

    [Fact]
    public void Nothing_is_known_before_two_replies()
    {
        Assert.Equal((null, null, null), (_tally.Last, _tally.LostForward, _tally.LostBackward));
        Add(5, 5, 4);
        Assert.Equal((null, null), (_tally.LostForward, _tally.LostBackward));
        Assert.Equal(new StampDirectMeasurement(5, 5, 4), _tally.Last);
    }

    [Theory]
    [InlineData(0u, 0u)]
    [InlineData(100u, 7u)]
    [InlineData(uint.MaxValue - 3, uint.MaxValue - 1)]
    public void Each_direction_has_its_losses_wherever_the_counters_begin(uint received, uint transmitted)
    {
        // 1 and 2 come; 3 and 4 are lost forward, 5 and 6 and 7 backward, 8 comes.
        Add(1, received + 1, transmitted);
        Add(2, received + 2, transmitted + 1);
        Add(8, received + 6, transmitted + 5);
        Assert.Equal((2L, 3L), (_tally.LostForward, _tally.LostBackward));
        Assert.Equal(new StampDirectMeasurement(8, received + 6, transmitted + 5), _tally.Last);
    }

    [Fact]
    public void What_changes_places_is_not_lost()
    {
        // On the way there 2 and 3 change places, on the way back the answers to 5 and 4; the last two on both.
        Add(1, 1, 0);
        Add(3, 2, 1);
        Add(2, 3, 2);
        Add(5, 5, 4);
        Add(4, 4, 3);
        Add(6, 7, 6);
        Add(7, 6, 5);
        Assert.Equal((0L, 0L), (_tally.LostForward, _tally.LostBackward));
        Assert.Equal(7u, _tally.Last?.ReflectorReceived);
    }

    [Fact]
    public void Copies_on_the_way_back_hide_no_loss()
    {
        Add(1, 1, 0);
        Add(1, 1, 0, isCopy: true);
        Add(3, 3, 2);
        Add(3, 3, 2, isCopy: true);
        Assert.Equal((0L, 1L), (_tally.LostForward, _tally.LostBackward));
    }

    [Fact]
    public void Copies_on_the_way_there_are_no_loss_on_the_way_back()
    {
        Add(1, 1, 0);
        Add(1, 2, 1, isCopy: true);
        Add(2, 3, 2);
        Assert.Equal((0L, 0L), (_tally.LostForward, _tally.LostBackward));
    }

    [Fact]
    public void A_restart_begins_anew_and_keeps_what_was_found()
    {
        Add(1, 1, 0);
        Add(3, 2, 1);
        Add(10, 1, 0, startsEpoch: true);
        Assert.Equal((1L, 0L), (_tally.LostForward, _tally.LostBackward));
        Add(13, 3, 2);
        Assert.Equal((2L, 1L), (_tally.LostForward, _tally.LostBackward));
    }

    private void Add(uint sent, uint received, uint transmitted, bool isCopy = false, bool startsEpoch = false) =>
        _tally.Add(new StampDirectMeasurement(sent, received, transmitted), isCopy, startsEpoch);
}
