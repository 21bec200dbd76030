using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;

namespace Meshpulse.Agent.Tests.Hosting;

public sealed class StampReportTests
{
    [Fact]
    public void What_works_is_said_with_how_good_it_is_and_what_does_not_without()
    {
        var good = new StampQuality(48, 48, 1, new Duration(1_500), new Duration(12_000));
        var none = new StampQuality(20, 0, 0, Duration.Zero, Duration.Zero);
        var report = new StampReport([new StampFindings(false, Errno.None, good, none), new StampFindings(true, Errno.EMFILE, default, default)]);
        Assert.Equal(
            "stamps here: IPv4 receive kernel (47 of 48, 1.5 us before we read, 12.0 at most), send user (0 of 20); IPv6 not tried: Too many open files",
            report.Summary);
    }
}
