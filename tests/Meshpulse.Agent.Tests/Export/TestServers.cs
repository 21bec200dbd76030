using System.Net;
using Meshpulse.Agent.Export;

namespace Meshpulse.Agent.Tests.Export;

internal static class TestServers
{
    public static readonly MetricsListenSpec Loopback = new(IPAddress.Loopback, 0);

    public static readonly Action<ExpositionWriter> OneGauge = static w =>
    {
        w.Family("meshpulse_peers", MetricKind.Gauge, "Peers.");
        w.Sample(3);
    };

    public static Task<MetricsServer> StartAsync(Action<ExpositionWriter>? write = null, params HttpRoute[] routes) =>
        MetricsServer.StartAsync(new MetricsServerOptions { Listen = Loopback, WriteFamilies = write ?? OneGauge, Routes = routes });

    public static HttpClient Client(MetricsServer server) => new()
    {
        BaseAddress = new Uri($"http://127.0.0.1:{server.LocalEndPoint.Port}"),
        Timeout = RawConnection.Hang,
    };

    /// <summary>A page far larger than what the sockets' buffers hold, so that a reader who stops reading is noticed.</summary>
    public static void WriteMegabytes(ExpositionWriter writer)
    {
        writer.Family("large", MetricKind.Gauge, "h");
        var value = new string('x', ExpositionWriter.MaxLabelValueLength);
        for (var i = 0L; i < 60_000; i++)
        {
            writer.Sample(i, new Label("i", i.ToString(System.Globalization.CultureInfo.InvariantCulture)), new Label("pad", value));
        }
    }

    /// <summary>The value of one sample of a page, read from the server.</summary>
    public static async Task<double> ReadSampleAsync(MetricsServer server, string name, string? outcome = null)
    {
        using var client = Client(server);
        var parsed = ParsedExposition.Read(await client.GetByteArrayAsync("/metrics"), openMetrics: false);
        return parsed.Samples.Single(s => s.Name == name && (outcome is null || s.Labels["outcome"] == outcome)).Value;
    }
}
