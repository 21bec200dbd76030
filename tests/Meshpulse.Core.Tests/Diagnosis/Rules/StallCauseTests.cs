using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Core.Tests.Diagnosis.Rules;

/// <summary>Why a host stalled, where its vitals show several signs at once.</summary>
public sealed class StallCauseTests
{
    [Theory]
    [InlineData(200, 20, "host.memory_pressure n3")]
    [InlineData(0, 60, "host.runtime_pause n3")]
    [InlineData(200, 0, "host.runtime_pause n3")]
    public void The_runtime_pauses_for_want_of_pages_only_where_it_missed_some_and_memory_is_short(long majorFaults, long memory, string verdict)
    {
        var fleet = FleetScript.Of().Pass(20);
        fleet.Node = s => s.Node != "n3" ? s : FleetScript.Stalled(s, s.From, 180, w => w with
        {
            RuntimePauses = Duration.FromMilliseconds(170),
            MajorFaults = majorFaults,
            Pressure = new HostPressure { Memory = new PressureTime(Duration.FromMilliseconds(memory), Duration.Zero) },
        });
        fleet.Pass(2);
        Assert.Equal([verdict], fleet.Said);
    }
}
