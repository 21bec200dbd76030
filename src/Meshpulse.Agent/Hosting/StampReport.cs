using System.Globalization;
using Meshpulse.Agent.Export;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;

namespace Meshpulse.Agent.Hosting;

/// <summary>What the self-test of the stamps found at the start, for people and for the metrics.</summary>
internal sealed record StampReport(IReadOnlyList<StampFindings> Findings)
{
    private const double Median = 50;

    /// <summary>One line.</summary>
    public string Summary => $"stamps here: {string.Join("; ", Findings.Select(TextOf))}";

    /// <summary>Writes the families.</summary>
    public void Write(ExpositionWriter writer)
    {
        writer.Family("meshpulse_timestamp_source", MetricKind.Info, "Where the times of packets come from here, by the self-test at the start.");
        foreach (var (labels, quality) in Rows())
        {
            writer.Info([.. labels, new Label("source", NameOf(quality.Source))]);
        }

        writer.Family("meshpulse_timestamp_test_packets", MetricKind.Gauge, "Packets of that test: tried, stamped by the kernel, and stamped with what can't be.");
        foreach (var (labels, quality) in Rows())
        {
            writer.Sample(quality.Packets, [.. labels, new Label("what", "tried")]);
            writer.Sample(quality.Stamped, [.. labels, new Label("what", "stamped")]);
            writer.Sample(quality.Untrue, [.. labels, new Label("what", "untrue")]);
        }

        writer.Family("meshpulse_timestamp_error_seconds", MetricKind.Gauge, "In that test, how far our own reading of the clock was from the kernel's stamp.", "seconds");
        foreach (var (labels, quality) in Rows().Where(r => r.Quality.True > 0))
        {
            writer.Sample(quality.Median.Seconds, [.. labels, new Label("percentile", Median.ToString(CultureInfo.InvariantCulture))]);
            writer.Sample(quality.Worst.Seconds, [.. labels, new Label("percentile", "100")]);
        }
    }

    private IEnumerable<(Label[] Labels, StampQuality Quality)> Rows()
    {
        foreach (var family in Findings)
        {
            var ip = new Label("ip", family.IsV6 ? "6" : "4");
            yield return ([new Label("direction", "receive"), ip], family.Receive);
            yield return ([new Label("direction", "send"), ip], family.Send);
        }
    }

    private static string TextOf(StampFindings family)
    {
        var name = family.IsV6 ? "IPv6" : "IPv4";
        return family.Error == Errno.None
            ? $"{name} receive {TextOf(family.Receive, "before we read")}, send {TextOf(family.Send, "after we called")}"
            : $"{name} not tried: {family.Error.Text()}";
    }

    private static string TextOf(in StampQuality quality, string where)
    {
        var counts = $"{NameOf(quality.Source)} ({quality.True} of {quality.Packets}";
        return quality.True == 0 ? $"{counts})" : $"{counts}, {Microseconds(quality.Median)} us {where}, {Microseconds(quality.Worst)} at most)";
    }

    private static string Microseconds(Duration duration) => (duration.Nanoseconds / 1e3).ToString("0.0", CultureInfo.InvariantCulture);

    private static string NameOf(StampSource source) => source switch
    {
        StampSource.Hardware => "hardware",
        StampSource.Kernel => "kernel",
        _ => "user",
    };
}
