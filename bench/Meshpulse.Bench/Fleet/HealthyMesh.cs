using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Bench.Fleet;

/// <summary>
/// What nodes tell of a mesh in which nothing is wrong: each sees all others, probes the path to each by nine flows, forty packets a second, and no two figures are the
/// same.
/// </summary>
internal sealed class HealthyMesh(IReadOnlyList<string> names)
{
    private const int Flows = 9;
    private const int FirstPort = 40_000;
    private const int Heartbeats = 50;

    private readonly Random _random = new(1);

    /// <summary>A slice of one of them.</summary>
    /// <param name="node">Its name.</param>
    /// <param name="run">Its run.</param>
    /// <param name="number">The slice's number.</param>
    /// <param name="from">When it began.</param>
    /// <param name="at">When it ended.</param>
    public NodeSlice Cut(string node, ulong run, long number, MonoTime from, ClockPairing at) => new(node, run, number)
    {
        From = from,
        At = at,
        WakeLateness = Duration.FromMicroseconds(_random.Next(60, 300)),
        Host = new HostWindow(from, at.Mono)
        {
            RunQueueDelay = Duration.FromMicroseconds(_random.Next(100, 900)),
            ProbingRunQueueDelay = Duration.FromMicroseconds(_random.Next(50, 300)),
            InvoluntarySwitches = _random.Next(4),
            AllowedCpuCount = 8,
            OnlineCpuCount = 8,
            MajorFaults = 0,
            IsClockSynchronised = true,
        },
        Peers = [.. names.Where(n => n != node).Select(Of)],
    };

    private PeerSlice Of(string peer) => new(peer)
    {
        IsConnected = true,
        Received = Heartbeats,
        Sent = Heartbeats,
        Silence = Duration.FromMicroseconds(_random.Next(5_000)),
        Requests = [.. Enumerable.Range(0, Flows).Select(i => new FlowRequests(FirstPort + i, i == 0 ? 2 : 1))],
        Path = new PathSlice
        {
            Counts = new PathCounts(10, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0),
            Silence = Duration.FromMicroseconds(_random.Next(25_000)),
            Interval = Duration.FromMilliseconds(25),
            RoundTrip = Delay(400),
            Forward = Delay(200),
            Backward = Delay(200),
            Bound = Duration.FromMicroseconds(_random.Next(100, 200)),
            Offset = new OffsetInterval(Duration.FromMicroseconds(-_random.Next(150, 250)), Duration.FromMicroseconds(_random.Next(150, 250))),
            Mtu = new MtuFigures(1_500, null),
            Flows = [.. Enumerable.Range(0, Flows).Select(i => new FlowSlice(FirstPort + i, i == 0 ? 2 : 1, i == 0 ? 2 : 1, 0, 0, 0) { IsLarge = i == Flows - 1 })],
        },
    };

    private DelaySlice Delay(int median)
    {
        var (low, high) = (median * 4 / 5, median * 6 / 5);
        var middle = _random.Next(low, high);
        return new DelaySlice(
            10, Duration.FromMicroseconds(low), Duration.FromMicroseconds(middle), Duration.FromMicroseconds(middle + 60), Duration.FromMicroseconds(middle + 90));
    }
}
