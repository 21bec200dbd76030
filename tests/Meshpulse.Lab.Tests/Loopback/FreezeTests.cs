using Meshpulse.Lab.Meshes;
using Meshpulse.Lab.Processes;

namespace Meshpulse.Lab.Loopback;

/// <summary>A node that is stopped: who is blamed, and what is shown while it says nothing.</summary>
public sealed class FreezeTests
{
    [Fact]
    public async Task A_stall_shows_as_receive_at_the_others_and_as_send_at_the_stalled()
    {
        // Two seconds, so that half of it stays far above what a busy machine does to processes that nobody stops.
        await using var mesh = new Mesh(Place.OnLoopback(3), "-i", "2", "-x");
        await mesh.FormAsync();
        var frozen = mesh[1];
        var before = mesh.Members.ToDictionary(member => member, member => member.ReportCount);
        await frozen.Process.FreezeAsync(TimeSpan.FromMilliseconds(2000));

        foreach (var other in mesh.Others(frozen))
        {
            var report = await other.ReportAsync(before[other], r => r.Of(frozen.Address)?.Receive[0] >= 1800, "with the stall");
            var row = report.Of(frozen.Address)!;
            Assert.InRange(row.Receive[0]!.Value, 1800, 5000);
            // What a stall kept from being observed counts as well: at 5 ms it is far more than one heartbeat in a hundred.
            Assert.True(row.Receive[2] > 300, $"the 99th percentile is {row.Receive[2]}");
            var third = mesh.Others(frozen).Single(member => member != other);
            Assert.True(report.Of(third.Address)!.Receive[0] < 1000, $"{other.Address} blames {third.Address}:\n{mesh.Printed}");
            await other.EventAsync(frozen.Address, "Gap ");
        }

        // The stalled one read late what had come in time: the kernel's stamps and the senders' say so.
        var own = await frozen.ReportAsync(before[frozen], r => r.Rows.Any(row => row.Send[0] >= 1800), "with its own stall");
        Assert.Equal(2, own.Rows.Count);
        Assert.All(own.Rows, row => Assert.True(row.Receive[0] < 1000, $"{frozen.Address} blames others:\n{mesh.Printed}"));
        Assert.All(own.Rows, row => Assert.True(row.Send[0] >= 1800, $"{frozen.Address} hides its stall:\n{mesh.Printed}"));

        await mesh.AssertMetricsAgreeAsync();
        await mesh.StopAsync();
    }

    [Fact]
    public async Task The_stopped_one_knows_afterwards_that_it_was_frozen_and_the_others_that_they_were_not()
    {
        await using var mesh = new Mesh(Place.OnLoopback(2), "-i", "2");
        await mesh.FormAsync();
        var frozen = mesh[1];
        await mesh[0].MetricsAsync(page => page.Value("meshpulse_host_windows_total") > 0, "has no window");
        await frozen.MetricsAsync(page => page.Value("meshpulse_host_windows_total") > 0, "has no window");
        await frozen.Process.FreezeAsync(TimeSpan.FromMilliseconds(2000));
        await frozen.MetricsAsync(page => page.Value("meshpulse_host_frozen_seconds_total") >= 1.5, "does not know that it was frozen");
        Assert.True((await frozen.ScrapeAsync()).Value("meshpulse_host_stall_seconds_total") >= 1.5);
        // Not none at all: a virtual machine may stand still for some milliseconds, and that is told too.
        Assert.True((await mesh[0].ScrapeAsync()).Value("meshpulse_host_frozen_seconds_total") < 1);
        await mesh.StopAsync();
    }

    [Fact]
    public async Task Silence_is_no_data_then_the_end_of_the_connection()
    {
        await using var mesh = new Mesh(Place.OnLoopback(3), "-i", "1", "--silence", "5");
        await mesh.FormAsync();
        var frozen = mesh[2];
        var before = mesh.Members.ToDictionary(member => member, member => member.ReportCount);
        frozen.Process.Send(Signal.Stop);
        foreach (var other in mesh.Others(frozen))
        {
            // Connected and silent for a whole window: dashes, and never a zero.
            var report = await other.ReportAsync(before[other], r => r.Of(frozen.Address) is { } row && row.Receive.All(cell => cell is null), "with dashes");
            Assert.All(report.Of(frozen.Address)!.Delta, Assert.Null);
            Assert.All(report.Of(frozen.Address)!.Send, cell => Assert.True(cell > 0, "sending went on"));
            await other.EventAsync(frozen.Address, "No heartbeat for ");
            await other.EventAsync(frozen.Address, "Closing connection - silent for too long");
            var rows = other.Transcript.Reports.Skip(before[other]).Select(r => r.Of(frozen.Address)).OfType<Reports.ReportRow>().ToList();
            Assert.DoesNotContain(rows, row => row.Receive.Concat(row.Delta).Concat(row.Send).Contains(0.0) && row.Receive[0] is null);
        }

        await mesh.CompleteAsync([mesh[0], mesh[1]]);
        frozen.Process.Send(Signal.Continue);
        await mesh.CompleteAsync();
        await mesh.AssertOneConnectionPerPairAsync();
        await mesh.StopAsync();
    }
}
