using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Diagnosis.Views;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Diagnosis.Views;

public sealed class FleetViewTests
{
    private static readonly MonoTime s_begin = new(50_000_000_000);

    [Fact]
    public void Of_a_pair_that_is_seen_no_more_the_last_slice_is_kept_then_nothing()
    {
        var fleet = new FleetView("n1", new DiagnosisSettings());
        for (var i = 1; i <= 20; i++)
        {
            fleet.Take(Slice(i), At(i * 250));
        }

        fleet.Advance(At(5_100));
        Assert.Equal(PairView.Kept, fleet.Pair("n2", "n3")!.Sights.Count);
        fleet.Advance(At(16_000));
        Assert.Empty(fleet.Pair("n2", "n3")!.Sights);
        Assert.Equal(At(5_000), fleet.Pair("n2", "n3")!.Last!.Value.Until);

        // It is asked again.
        fleet.Take(Slice(21), At(16_250));
        fleet.Advance(At(16_300));
        _ = Assert.Single(fleet.Pair("n2", "n3")!.Sights);
        Assert.Contains("n3", fleet.Names);
        fleet.Advance(At(200_000));
        Assert.Null(fleet.Pair("n2", "n3"));
        Assert.Empty(fleet.Names);
    }

    private static MonoTime At(long milliseconds) => s_begin + Duration.FromMilliseconds(milliseconds);

    private static NodeSlice Slice(int number)
    {
        var end = At(number < 21 ? number * 250 : 16_250);
        return new NodeSlice("n2", 7, number)
        {
            From = end - Duration.FromMilliseconds(250),
            At = new ClockPairing(end, new WallTime(1_700_000_000_000_000_000 + end.Nanoseconds)),
            Peers = [new PeerSlice("n3") { IsConnected = true }],
        };
    }
}
