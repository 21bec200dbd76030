using System.Text;
using Meshpulse.Agent.Export;

namespace Meshpulse.Agent.Tests.Export;

/// <summary>Writes pages for tests.</summary>
internal static class Page
{
    /// <summary>The bucket bounds of meshmonitor's histograms, in seconds.</summary>
    public static readonly double[] MeshmonitorBounds =
    [
        0.00001, 0.0001, 0.0005, 0.001, 0.002, 0.003, 0.004, 0.005, 0.006, 0.007, 0.008, 0.009, 0.01,
        0.02, 0.03, 0.04, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10,
    ];

    public static byte[] Bytes(ExpositionFormat format, Action<ExpositionWriter> write)
    {
        using var buffer = new PooledUtf8Buffer();
        var writer = new ExpositionWriter(buffer, format);
        write(writer);
        writer.Complete();
        return buffer.ToArray();
    }

    public static string Text(ExpositionFormat format, Action<ExpositionWriter> write) => Encoding.UTF8.GetString(Bytes(format, write));

    public static ParsedExposition Parse(ExpositionFormat format, Action<ExpositionWriter> write) =>
        ParsedExposition.Read(Bytes(format, write), format == ExpositionFormat.OpenMetrics);

    /// <summary>One family of every kind, with what is awkward about each.</summary>
    public static void WriteRepresentative(ExpositionWriter writer)
    {
        RuntimeFamilies.WriteBuild(writer, "0.1.0");
        writer.Family("meshpulse_peers", MetricKind.Gauge, "Peers by state.");
        writer.Sample(3, new Label("state", "up"));
        writer.Sample(0, new Label("state", "de\"ad\\\n"));
        writer.Family("meshpulse_refused", MetricKind.Counter, "Connections refused, with a \\ and a \"quote\"\nand a second line.");
        writer.Sample(9007199254740993, new Label("reason", "bad_frame"));
        writer.Family("meshpulse_offset_seconds", MetricKind.Gauge, "Clock offset.", "seconds");
        writer.Sample(-0.000012, new Label("remote_host_name", "10.0.0.2"));
        writer.Sample(double.NaN, new Label("remote_host_name", "10.0.0.3"));
        writer.Sample(double.PositiveInfinity, new Label("remote_host_name", "10.0.0.4"));
        writer.Sample(double.NegativeInfinity, new Label("remote_host_name", "fe80::1"));
        writer.Family("meshmonitor_receive_seconds", MetricKind.Histogram, "Time between heartbeats.", "seconds");
        writer.Histogram(
            [0.00001, 0.0005, 1, 10],
            [1, 2, 0, 3, 4],
            51.5,
            new Label("host_name", "10.0.0.1"),
            new Label("remote_host_name", "10.0.0.2"));
    }
}
