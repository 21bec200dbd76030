using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Meshpulse.Bench.Whole;

namespace Meshpulse.Bench.Busy;

/// <summary>Something that measures a round trip: how its two ends are started, and what it says.</summary>
/// <param name="Name">As in the tables.</param>
/// <param name="Clock">Who reads the time.</param>
/// <param name="Answers">Starts what answers; null where the kernel does.</param>
/// <param name="Asks">Starts what asks, for so many seconds at so many milliseconds.</param>
/// <param name="Read">The figures in what it printed.</param>
internal sealed record RoundTripTool(
    string Name, string Clock, Func<IdlePath, Child>? Answers, Func<IdlePath, int, Child> Asks, Func<string, RoundTrips> Read)
{
    /// <summary>Between probes.</summary>
    public const int IntervalMilliseconds = 10;

    private const int StampPort = 15_862;
    private const int PingPort = 15_863;
    private const int OtherPort = 15_864;

    // With Follow-Up Telemetry, which needs room: then the reflector's kernel too says when the reply left.
    private const string FollowUpSize = "72";

    /// <summary>All that are to be had here.</summary>
    public static IEnumerable<RoundTripTool> Of(BenchOptions options, Action<string> missing)
    {
        yield return new RoundTripTool(
            "meshpulse probe", "kernel", path => Reflect(options, path), (path, seconds) => Probe(options, path, seconds), ReadProbe);
        if (HasPortable(options))
        {
            yield return new RoundTripTool(
                "meshpulse probe --portable",
                "prober's program",
                path => Reflect(options, path),
                (path, seconds) => Probe(options, path, seconds, "--portable"),
                ReadProbe);
        }

        yield return new RoundTripTool(
            "bench/c/roundtrip.c",
            "program",
            path => path.Far(options.Native("reflector"), "0.0.0.0", $"{PingPort}"),
            (path, seconds) => path.Near(
                options.Native("roundtrip"), path.Target, $"{PingPort}", $"{seconds * 1000 / IntervalMilliseconds}", $"{IntervalMilliseconds * 1000}"),
            ReadOwn);
        foreach (var tool in Others())
        {
            if (IsInstalled(tool.Name))
            {
                yield return tool;
            }
            else
            {
                missing(tool.Name);
            }
        }
    }

    private static IEnumerable<RoundTripTool> Others()
    {
        yield return new RoundTripTool(
            "irtt",
            "program",
            path => path.Far("irtt", "server", "-b", $"{path.Target}:{OtherPort}"),
            (path, seconds) => path.Near(
                "irtt", "client", "-i", $"{IntervalMilliseconds}ms", "-d", $"{seconds}s", "-Q", "-o", "-", $"{path.Target}:{OtherPort}"),
            ReadIrtt);
        yield return new RoundTripTool(
            "fping",
            "program out, kernel in; the far kernel answers",
            null,
            (path, seconds) => path.Near(
                "sh", "-c", $"exec fping -q -C {seconds * 1000 / IntervalMilliseconds} -p {IntervalMilliseconds} {path.Target} 2>&1"),
            ReadFping);
        yield return new RoundTripTool(
            "sockperf",
            "program",
            path => path.Far("sockperf", "server", "-i", path.Target, "-p", $"{OtherPort}"),
            (path, seconds) => path.Near(
                "sockperf",
                ["ping-pong", "--full-rtt", "-i", path.Target, "-p", $"{OtherPort}", "-t", $"{seconds}", $"--mps={1000 / IntervalMilliseconds}"]),
            ReadSockperf);
    }

    private static Child Reflect(BenchOptions options, IdlePath path) =>
        path.Far(options.Agent, "reflect", "--listen", $"{path.Target}:{StampPort}", "-d");

    private static Child Probe(BenchOptions options, IdlePath path, int seconds, params string[] more)
    {
        var count = $"{seconds * 1000 / IntervalMilliseconds}";
        return path.Near(
            options.Agent,
            ["probe", $"{path.Target}:{StampPort}", "-c", count, "-i", $"{IntervalMilliseconds}", "-s", FollowUpSize, "--json", .. more]);
    }

    private static bool HasPortable(BenchOptions options)
    {
        using var help = Child.Unbound(options.Agent, "probe", "--help");
        return help.FinishAsync().GetAwaiter().GetResult().Contains("--portable", StringComparison.Ordinal);
    }

    private static bool IsInstalled(string tool) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(folder => File.Exists(Path.Combine(folder, tool)));

    private static RoundTrips ReadProbe(string output)
    {
        using var json = JsonDocument.Parse(output);
        var delays = json.RootElement.GetProperty("rtt_ms");
        return new RoundTrips(
            json.RootElement.GetProperty("answered").GetInt64(), delays.GetProperty("p50").GetDouble() * 1e3, delays.GetProperty("p99").GetDouble() * 1e3)
        {
            Stamps = json.RootElement.GetProperty("timestamps").GetRawText(),
        };
    }

    private static RoundTrips ReadOwn(string output)
    {
        using var json = JsonDocument.Parse(output);
        double Figure(string name) => json.RootElement.GetProperty(name).GetDouble();
        return new RoundTrips((long)Figure("answered"), Figure("p50_us"), Figure("p99_us"));
    }

    private static RoundTrips ReadIrtt(string output)
    {
        using var json = JsonDocument.Parse(output);
        return RoundTrips.Of(json.RootElement.GetProperty("round_trips").EnumerateArray()
            .Select(trip => trip.GetProperty("delay"))
            .Where(delay => delay.TryGetProperty("rtt", out _))
            .Select(delay => delay.GetProperty("rtt").GetDouble() / 1e3));
    }

    /// <summary>"10.77.0.2 : 0.05 0.04 - 0.05", in milliseconds; a minus for what was lost.</summary>
    private static RoundTrips ReadFping(string output) => RoundTrips.Of(output[(output.IndexOf(" : ", StringComparison.Ordinal) + 3)..]
        .Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
        .Where(text => text is not "-")
        .Select(text => double.Parse(text, CultureInfo.InvariantCulture) * 1e3));

    private static RoundTrips ReadSockperf(string output)
    {
        double Figure(string pattern) => double.Parse(
            Regex.Match(output, pattern + @"\s*=\s*(?<figure>[0-9.]+)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["figure"].ValueSpan,
            CultureInfo.InvariantCulture);
        return new RoundTrips((long)Figure("ReceivedMessages"), Figure(@"percentile 50\.000"), Figure(@"percentile 99\.000"));
    }
}
