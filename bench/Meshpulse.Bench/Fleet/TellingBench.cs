using Meshpulse.Bench.Whole;

namespace Meshpulse.Bench.Fleet;

/// <summary>
/// What it costs an agent that its peers tell it what they see, that it is asked by them, that it probes the path to each, and that it judges all of it: the same agent with
/// peers that only beat, and with peers that do everything that agents do. Their heartbeats are a thread of C, their reflectors another, what they tell is one server's.
/// </summary>
internal sealed class TellingBench(BenchOptions options)
{
    private const int IntervalMicroseconds = 5_000;

    // Until all that runs often has been compiled a second time: that takes a tenth of a processor for half a minute.
    private const int WarmUpSeconds = 60;

    /// <summary>Measures each.</summary>
    public async Task RunAsync(BenchResults results)
    {
        var table = new Table(
            $"an agent whose peers tell what they see, heartbeats every {IntervalMicroseconds / 1000} ms",
            "peers", "that tell", "processor", "probing thread", "resident", "answers a second", "told", "asked by peers, a second");
        foreach (var peers in TellingMicroBench.Sizes)
        {
            foreach (var isTelling in (bool[])[false, true])
            {
                Progress.Say($"telling: {peers} peers, {(isTelling ? "that tell and reflect" : "heartbeats only")}");
                await TakeAsync(peers, isTelling, table, results);
            }
        }

        table.Print();
    }

    private async Task TakeAsync(int peers, bool isTelling, Table table, BenchResults results)
    {
        using var reflector = isTelling ? await Counterparts.StartAsync(options.Native("reflector"), "0.0.0.0", $"{Ports.Peers}", "stamp") : null;
        await using var telling = isTelling ? await TellingPeers.StartAsync(peers) : null;
        using var agent = new CountedContender(options, IntervalMicroseconds, () => (telling?.Told ?? 0, telling?.Bytes ?? 0, telling?.Heard ?? 0));
        var turn = await Turn.TakeAsync(options, agent, peers, IntervalMicroseconds, WarmUpSeconds, Ports.Peers);
        var (told, bytes, heard) = agent.Rates;
        table.Row(
            $"{peers}", isTelling ? "all" : "none", $"{turn.ProcessorShare * 100:F1} %", $"{turn.ProbingShare * 100:F1} %", $"{turn.ResidentKilobytes / 1024.0:F1} MB",
            $"{told:F0}", $"{bytes / 1e6:F2} MB/s", $"{heard:F0}");
        Progress.Say($"telling: {turn.ProcessorShare * 100:F1} % of a core, {turn.ProbingShare * 100:F1} % probing");
        results.Add(new { Bench = "telling", Peers = peers, IsTelling = isTelling, turn.ProcessorShare, turn.ProbingShare, turn.ResidentKilobytes, Told = told, Bytes = bytes, Heard = heard });
    }
}
