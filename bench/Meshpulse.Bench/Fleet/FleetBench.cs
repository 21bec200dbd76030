using Meshpulse.Bench.Whole;

namespace Meshpulse.Bench.Fleet;

/// <summary>
/// What it costs an agent that somebody looks at its dashboard, by the size of the mesh. Of five nodes four are real, and one is an original, which tells
/// nothing; of more one is real: the others are one thread of C for their heartbeats, and one server for their rows of the matrix, which change with each answer.
/// </summary>
internal sealed class FleetBench(BenchOptions options)
{
    // The largest mesh whose heartbeats a processor and its counterparts' carry at five milliseconds has a hundred nodes.
    private static readonly (int Nodes, int IntervalMicroseconds)[] s_meshes = [(5, 5_000), (100, 5_000), (1_000, 100_000)];

    private const int WarmUpSeconds = 20;

    /// <summary>Measures each mesh without a viewer, and with one.</summary>
    public async Task RunAsync(BenchResults results)
    {
        var table = new Table(
            $"an agent whose dashboard is open, after {WarmUpSeconds + options.Seconds} s",
            "nodes", "heartbeat every", "viewers", "processor", "probing thread", "resident", "stream", "rows asked for");
        foreach (var (nodes, interval) in s_meshes)
        {
            foreach (var viewers in (int[])[0, 1])
            {
                Progress.Say($"fleet: {nodes} nodes, {viewers} viewers");
                using var agent = new WatchedContender(options, interval, viewers);
                await using var rows = nodes > RealMesh.Most ? await RowServers.StartAsync(nodes - 1) : null;
                using var others = nodes > RealMesh.Most ? null : new RealMesh(options, nodes - 2);
                var turn = await Turn.TakeAsync(options, agent, nodes > RealMesh.Most ? nodes - 1 : 1, interval, WarmUpSeconds);
                var asked = rows is null ? "-" : $"{rows.Asked}";
                table.Row(
                    $"{nodes}", $"{interval / 1000} ms", $"{viewers}", $"{turn.ProcessorShare * 100:F1} %", $"{turn.ProbingShare * 100:F1} %",
                    $"{turn.ResidentKilobytes / 1024.0:F1} MB", $"{agent.BytesPerSecond / 1000:F1} kB/s", asked);
                results.Add(new { Bench = "fleet", Nodes = nodes, IntervalMicroseconds = interval, Viewers = viewers, turn.ProcessorShare, turn.ProbingShare, turn.ResidentKilobytes, agent.BytesPerSecond });
            }
        }

        table.Print();
    }
}
