using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Agent.Hosting;

/// <summary>What was asked of the system to make the probing thread punctual, and what was granted. A refusal is a fact to tell, not an error.</summary>
internal sealed record TuningReport(IReadOnlyList<(string What, TuningResult Result)> Items)
{
    private const int RealtimePriority = 10;

    public static TuningReport None { get; } = new([]);

    /// <summary>Asks, for the calling thread.</summary>
    public static TuningReport Apply(bool realtime)
    {
        var items = new List<(string, TuningResult)> { ("timer_slack", ThreadTuning.SetTimerSlack(new Duration(1))) };
        if (realtime)
        {
            var scheduling = ThreadTuning.UseRealtime(RealtimePriority);
            items.Add(("realtime", scheduling));
            if (!scheduling.Applied)
            {
                items.Add(("nice", ThreadTuning.SetNice(-10)));
            }

            items.Add(("memory_lock", ThreadTuning.LockMemory()));
        }

        return new TuningReport(items);
    }
}
