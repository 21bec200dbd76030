using System.Globalization;
using Meshpulse.Bench.Whole;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Bench.Stamp;

/// <summary>What is probed: a thousand paths of eight flows, a probe every 20 ms on each, 50,000 a second.</summary>
internal static class PathPlan
{
    public const int Paths = 1_000;
    public const int Flows = 8;
    public const int IntervalMicroseconds = 20_000;
    public const double ProbesPerSecond = Paths * 1e6 / IntervalMicroseconds;

    private const int PerNetwork = 254;

    public static PathSettings Settings { get; } = new() { Flows = Flows, Interval = Duration.FromMicroseconds(IntervalMicroseconds) };

    /// <summary>The n-th path's target: 127.1.0.1 and up, as bench/c/udp.h counts them.</summary>
    public static NodeEndpoint Target(int path, int port) =>
        NodeEndpoint.FromBytes([127, 1, (byte)(path / PerNetwork), (byte)((path % PerNetwork) + 1)], port);

    /// <summary>What bench/c/reflector.c is started with.</summary>
    public static IReadOnlyList<string> Reflector { get; } = ["0.0.0.0", $"{Ports.Targets}", "stamp"];

    /// <summary>The configuration of an agent that probes them.</summary>
    public static string CheckFile(BenchOptions options) =>
        Ping.CheckFile.Write(options, Paths, IntervalMicroseconds, $"check = \"stamp\"\nport = {Ports.Targets}\nflows = {Flows}");

    public static string Describe() => string.Create(
        CultureInfo.InvariantCulture, $"{Paths} paths of {Flows} flows, a probe every {IntervalMicroseconds / 1000} ms on each");
}
