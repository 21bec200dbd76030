using Meshpulse.Bench.Whole;

namespace Meshpulse.Bench.Ping;

/// <summary>What answering costs, beside the bare C reflector in turns; and what a flood of malformed datagrams costs.</summary>
internal sealed class ReflectorBench(BenchOptions options)
{
    private const int Sources = 100;
    private const int WarmUpSeconds = 4;

    public async Task RunAsync(BenchResults results)
    {
        var table = new Table(
            $"reflector: requests from {Sources} addresses, medians of {options.Rounds} turns each",
            "", "datagrams", "came/s", "answered/s", "core %", "ns/datagram", "datagrams/s/core");
        foreach (var (rate, kind) in ((int, string)[])[(40_000, "requests"), (80_000, "requests"), (100_000, "malformed")])
        {
            var bare = new List<ReflectorTurn>();
            var agent = new List<ReflectorTurn>();
            for (var round = 0; round < options.Rounds; round++)
            {
                bare.Add(await TakeAsync("C", rate, kind, results));
                agent.Add(await TakeAsync("agent", rate, kind, results));
            }

            Row(table, kind, bare);
            Row(table, kind, agent);
            var ratio = Median.Of(agent.Zip(bare, (a, c) => a.NanosecondsPerDatagram / c.NanosecondsPerDatagram));
            Console.WriteLine($"  {kind} at {rate}/s, agent / C: {ratio:F2}");
        }

        table.Print();
    }

    private static void Row(Table table, string kind, List<ReflectorTurn> turns)
    {
        double Of(Func<ReflectorTurn, double> pick) => Median.Of(turns.Select(pick));
        table.Row(
            turns[0].Contender, kind, $"{Of(t => t.CamePerSecond):F0}", $"{Of(t => t.AnsweredPerSecond):F0}", $"{Of(t => t.ProcessorShare * 100):F1}",
            $"{Of(t => t.NanosecondsPerDatagram):F0}", $"{1e9 / Of(t => t.NanosecondsPerDatagram):F0}");
    }

    private async Task<ReflectorTurn> TakeAsync(string name, int rate, string kind, BenchResults results)
    {
        using var reflector = Start(name);
        await Task.Delay(TimeSpan.FromSeconds(2));
        using var flood = await Counterparts.StartAsync(
            options.Native("flood"), Ports.Address, $"{Ports.Reflector}", $"{rate}", $"{Sources}", kind);
        await Task.Delay(TimeSpan.FromSeconds(WarmUpSeconds));
        var countsBefore = await flood.ReadAsync();
        var before = ProcReading.Of(reflector.Id);
        await Task.Delay(TimeSpan.FromSeconds(options.Seconds));
        var counts = await flood.ReadAsync();
        var after = ProcReading.Of(reflector.Id);
        var nanoseconds = (double)(counts.AtNanoseconds - countsBefore.AtNanoseconds);
        var turn = new ReflectorTurn(
            name,
            (counts.Sent - countsBefore.Sent) / nanoseconds * 1e9,
            (counts.Received - countsBefore.Received) / nanoseconds * 1e9,
            (after.ProcessorNanoseconds - before.ProcessorNanoseconds) / nanoseconds);
        results.Add(new { Bench = "reflector", Kind = kind, Rate = rate, Figures = turn });
        return turn;
    }

    private Child Start(string name)
    {
        if (name is "C")
        {
            return new Child(Ports.NodeProcessor, options.Native("reflector"), Ports.Address, $"{Ports.Reflector}");
        }

        var child = new Child(
            Ports.NodeProcessor, options.Agent, "check", CheckFile.Write(options, 0, 0), "--name", "local", "-m", $"127.0.0.1:{Ports.Metrics}");
        _ = child.Output.BaseStream.CopyToAsync(Stream.Null);
        return child;
    }
}
