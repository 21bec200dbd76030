using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Agent.Hosting;

/// <summary>What was asked of the system to make the probing thread punctual, and what was granted. A refusal is a fact to tell, not an error.</summary>
/// <param name="Items">Each wish, by the name that it has in the metrics.</param>
/// <param name="Nice">The nice value in force, where one was wished for.</param>
internal sealed record TuningReport(IReadOnlyList<(string What, TuningResult Result)> Items, int? Nice)
{
    private const int RealtimePriority = 10;

    public static TuningReport None { get; } = new([], null);

    /// <summary>True where something was refused.</summary>
    public bool HasRefusals => Items.Any(item => !item.Result.Applied);

    /// <summary>One line: <c>timer slack applied, realtime not applied: Operation not permitted, nice applied (-20), ...</c>.</summary>
    public string Summary => string.Join(", ", Items.Select(TextOf));

    /// <summary>Asks, for the calling thread.</summary>
    /// <param name="realtime">
    /// For more than punctual timers: to run before all ordinary threads, or, where that is refused, to be favoured among them as far as
    /// allowed; and never to wait for pages.
    /// </param>
    public static TuningReport Apply(bool realtime)
    {
        // In any case: it needs no privilege. Real-time threads have none whatever is set, but realtime may be refused.
        var items = new List<(string, TuningResult)> { ("timer_slack", ThreadTuning.SetTimerSlack(new Duration(1))) };
        int? nice = null;
        if (realtime)
        {
            var scheduling = ThreadTuning.UseRealtime(RealtimePriority);
            items.Add(("realtime", scheduling));
            if (!scheduling.Applied)
            {
                items.Add(("nice", ThreadTuning.RaiseNice(out var granted)));
                nice = granted;
            }

            items.Add(("memory_lock", ThreadTuning.LockMemory()));
        }

        return new TuningReport(items, nice);
    }

    private string TextOf((string What, TuningResult Result) item)
    {
        var text = $"{item.What.Replace('_', ' ')} {item.Result}";
        return item.What == "nice" && item.Result.Applied ? $"{text} ({Nice})" : text;
    }
}
