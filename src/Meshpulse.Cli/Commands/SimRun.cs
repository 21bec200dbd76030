using Meshpulse.Cli.Console;
using Meshpulse.Sim.Incidents;

namespace Meshpulse.Cli.Commands;

/// <summary>The sim command itself: plays the incidents, a world for each, as many at a time as there are processors, and tells of them in their order.</summary>
internal sealed class SimRun(TextWriter output, TextWriter error)
{
    /// <summary>0, or 1 where less was perfect than is required or a world was no good.</summary>
    public async Task<int> RunAsync(SimArguments arguments, CancellationToken stop)
    {
        var scores = new List<IncidentScore>(arguments.Incidents);
        try
        {
            foreach (var run in Play(arguments, stop))
            {
                scores.AddRange(run);
                foreach (var score in run.Where(s => !arguments.Json && !s.IsPerfect))
                {
                    await output.WriteAsync(SimText.Of(score, arguments.Nodes));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // What was played until then is told.
        }
        catch (AggregateException e) when (e.InnerExceptions is [InvalidOperationException broken, ..])
        {
            await error.WriteAsync($"{InvocationName.Default}: {SimCommand.Name}: {broken.Message}\n");
            return 1;
        }

        await output.WriteAsync(arguments.Json ? SimJson.Of(scores, arguments.Seed, arguments.Nodes) : SimText.Of(IncidentTable.Of(scores)));
        return IsEnough(scores, arguments.Require) ? 0 : 1;
    }

    private static bool IsEnough(List<IncidentScore> scores, double? required) =>
        required is not { } percent || (scores.Count > 0 && 100.0 * scores.Count(s => s.IsPerfect) / scores.Count >= percent);

    private static ParallelQuery<IReadOnlyList<IncidentScore>> Play(SimArguments arguments, CancellationToken stop) =>
        ParallelEnumerable.Range(0, arguments.Incidents)
            .AsOrdered()
            .WithMergeOptions(ParallelMergeOptions.NotBuffered)
            .WithCancellation(stop)
            .Select(i => Run(arguments, i, arguments.Seed + (ulong)i).Play());

    private static IncidentRun Run(SimArguments arguments, int index, ulong seed) =>
        new(arguments.Kinds[index % arguments.Kinds.Count], seed, arguments.Nodes, arguments.Company.Of(seed));
}
