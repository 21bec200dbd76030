using Meshpulse.Bench.Whole;

namespace Meshpulse.Bench.Busy;

/// <summary>
/// The round trip of an idle path, with the machine to itself and with a loop on every core: by the kernel's stamps, and beside it in the same
/// run as programs see it. Each tool has the path to itself, in turns.
/// </summary>
internal sealed class BusyBench(BenchOptions options)
{
    private const double MostMicroseconds = 20;

    // What a turn takes beside the measurement: both ends start, settle and end.
    private const int AroundSeconds = 4;

    // A tool that waits for each answer before the next question needs longer than planned where answers are lost; for ever would be too long.
    private const int SlackSeconds = 20;

    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(1);

    public async Task RunAsync(BenchResults results)
    {
        using var path = new IdlePath();
        var missing = new List<string>();
        var tools = RoundTripTool.Of(options, missing.Add).ToList();
        Progress.Plan("busy", 2 * options.Rounds * tools.Count, options.Seconds + AroundSeconds);
        var turns = new List<BusyTurn>();
        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var busy in (bool[])[false, true])
            {
                foreach (var tool in tools)
                {
                    var trips = await TakeAsync(path, tool, busy, $"busy: round {round} of {options.Rounds}, {(busy ? "busy" : "idle")}, {tool.Name}");
                    results.Add(new { Bench = "busy", Tool = tool.Name, Busy = busy, Path = path.Description, Figures = trips });
                    turns.Add(new BusyTurn(round, tool, busy, trips));
                }
            }
        }

        Print(path, tools, turns);
        if (missing.Count > 0)
        {
            Console.WriteLine($"  not measured, since not installed (Debian and Ubuntu: apt-get install): {string.Join(' ', missing)}");
        }
    }

    /// <summary>A turn's figures; null where the tool did not end in time, or said what is not understood: the other turns count all the same.</summary>
    private async Task<RoundTrips?> TakeAsync(IdlePath path, RoundTripTool tool, bool busy, string turn)
    {
        using var answering = tool.Answers?.Invoke(path);
        _ = answering?.Output.BaseStream.CopyToAsync(Stream.Null);
        await Task.Delay(s_settle);
        using var loops = busy ? new BusyLoops() : null;
        await Task.Delay(s_settle);
        using var asking = tool.Asks(path, options.Seconds);
        var within = TimeSpan.FromSeconds((3 * options.Seconds) + SlackSeconds);
        if (await asking.FinishAsync(within) is not { } output)
        {
            Progress.Say($"{turn}: had not ended after {within.TotalSeconds:F0} s");
            return null;
        }

        try
        {
            var trips = tool.Read(output);
            Progress.Say($"{turn}: p50 {trips.P50:F1} µs, p99 {trips.P99:F1} µs, {trips.Answered} answered");
            return trips;
        }
        catch (Exception e) when (e is FormatException or System.Text.Json.JsonException or KeyNotFoundException or InvalidOperationException)
        {
            Progress.Say($"{turn}: said what is not understood: {output}");
            return null;
        }
    }

    private void Print(IdlePath path, List<RoundTripTool> tools, List<BusyTurn> turns)
    {
        var table = new Table(
            $"busy: round trips in µs over {path.Description}, one every {RoundTripTool.IntervalMilliseconds} ms, medians of {options.Rounds} turns each",
            "", "idle p50", "idle p99", "busy p50", "busy p99", "p99 more by", "answered", "whose clocks");
        foreach (var tool in tools)
        {
            var own = turns.Where(t => t.Tool == tool && t.Trips is not null).ToList();
            double Of(bool busy, Func<RoundTrips, double> pick) => Median.Of(own.Where(t => t.Busy == busy).Select(t => pick(t.Trips!)));
            var (idle, loaded) = (Of(false, t => t.P99), Of(true, t => t.P99));
            table.Row(
                tool.Name,
                $"{Of(false, t => t.P50):F1}",
                $"{idle:F1}",
                $"{Of(true, t => t.P50):F1}",
                $"{loaded:F1}",
                $"{loaded - idle:F1}",
                $"{own.Sum(t => t.Trips!.Answered)}",
                tool.Clock);
        }

        table.Print();
        PrintVerdict(tools[0].Name, [.. turns.Where(t => t.Tool == tools[0] && t.Trips is not null)]);
    }

    private static void PrintVerdict(string name, List<BusyTurn> kernel)
    {
        var more = kernel.Where(t => !t.Busy)
            .Join(kernel.Where(t => t.Busy), t => t.Round, t => t.Round, (idle, busy) => busy.Trips!.P99 - idle.Trips!.P99)
            .ToArray();
        var isKept = Median.Of(more) <= MostMicroseconds;
        Console.WriteLine(
            $"  {name}: busy p99 above idle p99, turn by turn: {string.Join("  ", more.Select(m => $"{m:F1}"))} µs "
            + $"(aim: {MostMicroseconds:F0} at most: {(isKept ? "kept" : "missed")})");
        Console.WriteLine($"  its times when busy: {kernel.LastOrDefault(t => t.Busy)?.Trips!.Stamps}");
    }

    private sealed record BusyTurn(int Round, RoundTripTool Tool, bool Busy, RoundTrips? Trips);
}
