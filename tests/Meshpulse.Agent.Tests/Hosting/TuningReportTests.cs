using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Agent.Tests.Hosting;

public sealed class TuningReportTests
{
    [Fact]
    public void Timers_are_made_punctual_whatever_was_asked_for()
    {
        TuningReport? report = null;
        var slack = Duration.Zero;
        var thread = new Thread(() =>
        {
            report = TuningReport.Apply(realtime: false);
            slack = ThreadTuning.TimerSlack();
        });
        thread.Start();
        thread.Join();

        Assert.Equal(new Duration(1), slack);
        Assert.Equal("timer slack applied", report!.Summary);
        Assert.False(report.HasRefusals);
        Assert.Null(report.Nice);
    }

    [Fact]
    public void What_was_refused_is_said_with_its_reason_beside_what_was_had()
    {
        var report = new TuningReport(
            [
                ("timer_slack", new TuningResult(Errno.None)),
                ("realtime", new TuningResult(Errno.EPERM)),
                ("nice", new TuningResult(Errno.None)),
                ("memory_lock", new TuningResult(Errno.ENOMEM)),
            ],
            Nice: -11);
        Assert.True(report.HasRefusals);
        Assert.Equal(
            "timer slack applied, realtime not applied: Operation not permitted, nice applied (-11), memory lock not applied: Cannot allocate memory",
            report.Summary);
    }
}
