using Meshpulse.Bench.Whole;

namespace Meshpulse.Bench.Busy;

/// <summary>
/// The round trip of an idle path, with the machine to itself and with a loop on every core: by the kernel's stamps, and beside it in the same
/// run as programs see it. Each tool has the path to itself, in turns.
/// </summary>
internal sealed class BusyBench(BenchOptions options)
{
    private const double MostMicroseconds = 20;

    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(1);

    public async Task RunAsync(BenchResults results)
    {
        using var path = new IdlePath();
        var missing = new List<string>();
        var tools = RoundTripTool.Of(options, missing.Add).ToList();
        var turns = new List<(RoundTripTool Tool, bool Busy, RoundTrips Trips)>();
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var busy in (bool[])[false, true])
            {
                foreach (var tool in tools)
                {
                    var trips = await TakeAsync(path, tool, busy);
                    results.Add(new { Bench = "busy", Tool = tool.Name, Busy = busy, Path = path.Description, Figures = trips });
                    turns.Add((tool, busy, trips));
                }
            }
        }

        Print(path, turns);
        if (missing.Count > 0)
        {
            Console.WriteLine($"  not measured, since not installed (Debian and Ubuntu: apt-get install): {string.Join(' ', missing)}");
        }
    }

    private async Task<RoundTrips> TakeAsync(IdlePath path, RoundTripTool tool, bool busy)
    {
        using var answering = tool.Answers?.Invoke(path);
        _ = answering?.Output.BaseStream.CopyToAsync(Stream.Null);
        await Task.Delay(s_settle);
        using var loops = busy ? new BusyLoops() : null;
        await Task.Delay(s_settle);
        using var asking = tool.Asks(path, options.Seconds);
        var output = await asking.FinishAsync();
        try
        {
            return tool.Read(output);
        }
        catch (Exception e) when (e is FormatException or System.Text.Json.JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidOperationException($"{tool.Name} said what is not understood: {output}", e);
        }
    }

    private void Print(IdlePath path, List<(RoundTripTool Tool, bool Busy, RoundTrips Trips)> turns)
    {
        var table = new Table(
            $"busy: round trips in µs over {path.Description}, one every {RoundTripTool.IntervalMilliseconds} ms, medians of {options.Rounds} turns each",
            "", "idle p50", "idle p99", "busy p50", "busy p99", "p99 more by", "answered", "whose clocks");
        foreach (var tool in turns.GroupBy(t => t.Tool))
        {
            double Of(bool busy, Func<RoundTrips, double> pick) => Median.Of(tool.Where(t => t.Busy == busy).Select(t => pick(t.Trips)));
            var (idle, loaded) = (Of(false, t => t.P99), Of(true, t => t.P99));
            table.Row(
                tool.Key.Name,
                $"{Of(false, t => t.P50):F1}",
                $"{idle:F1}",
                $"{Of(true, t => t.P50):F1}",
                $"{loaded:F1}",
                $"{loaded - idle:F1}",
                $"{tool.Sum(t => t.Trips.Answered)}",
                tool.Key.Clock);
        }

        table.Print();
        PrintVerdict([.. turns.Where(t => t.Tool == turns[0].Tool)]);
    }

    private static void PrintVerdict(List<(RoundTripTool Tool, bool Busy, RoundTrips Trips)> kernel)
    {
        var idle = kernel.Where(t => !t.Busy).Select(t => t.Trips.P99);
        var busy = kernel.Where(t => t.Busy).Select(t => t.Trips.P99);
        var more = busy.Zip(idle, (b, i) => b - i).ToArray();
        var isKept = Median.Of(more) <= MostMicroseconds;
        Console.WriteLine(
            $"  {kernel[0].Tool.Name}: busy p99 above idle p99, turn by turn: {string.Join("  ", more.Select(m => $"{m:F1}"))} µs "
            + $"(aim: {MostMicroseconds:F0} at most: {(isKept ? "kept" : "missed")})");
        Console.WriteLine($"  its times when busy: {kernel.Last(t => t.Busy).Trips.Stamps}");
    }
}
