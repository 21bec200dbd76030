using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing.Paths;

/// <summary>
/// When the packets of a path's search for its MTU are sent, and what their fates mean: one is under way at a time, by a flow of its own that is none
/// of the path's, so that their loss is no loss of the path.
/// </summary>
internal sealed class PathSearch(MtuSearch search)
{
    private static readonly Duration s_searchInterval = Duration.FromSeconds(2);
    private static readonly Duration s_settledInterval = Duration.FromSeconds(15);

    // What never left costs nobody anything.
    private static readonly Duration s_refusedInterval = Duration.FromMilliseconds(100);

    private int _tried;

    /// <summary>What is known.</summary>
    public MtuFigures Figures => search.Figures;

    /// <summary>The flow of its packets.</summary>
    public PathFlow? Flow { get; private set; }

    /// <summary>When the next packet is due; never while one is under way.</summary>
    public MonoTime NextDue { get; private set; } = MonoTime.Never;

    /// <summary>A size is being tried.</summary>
    public bool IsUnderWay => _tried > 0;

    /// <summary>Goes on by another flow; nothing of the one before will be decided.</summary>
    public void Use(PathFlow flow) => (Flow, _tried) = (flow, 0);

    /// <summary>The next packet is due then; never where nothing is to be sent.</summary>
    public void Continue(MonoTime at) => (NextDue, _tried) = (at, 0);

    /// <summary>The next packet is about to be sent.</summary>
    /// <returns>Its size in bytes of IP packet.</returns>
    public int Begin()
    {
        (NextDue, _tried) = (MonoTime.Never, search.Next);
        return _tried;
    }

    /// <summary>This host did not send it.</summary>
    /// <param name="now">The time.</param>
    /// <param name="isSize">For its size: others leave. What is not sent for another reason says nothing.</param>
    public void OnRefused(MonoTime now, bool isSize)
    {
        if (isSize)
        {
            search.OnMissed(_tried, isCertain: true);
        }

        Continue(now + (isSize ? s_refusedInterval : s_searchInterval));
    }

    /// <summary>A router said that it is too big.</summary>
    public void OnTooBig(MonoTime now)
    {
        if (IsUnderWay)
        {
            search.OnMissed(_tried, isCertain: true);
            End(now);
        }
    }

    /// <summary>A reply came to the flow.</summary>
    public void OnReply(in StampDecision decision, MonoTime now)
    {
        if (decision.Outcome == StampOutcome.Answered && IsUnderWay)
        {
            search.OnPassed(_tried);
            End(now);
        }
    }

    /// <summary>Gives up the packet whose timeout has passed.</summary>
    /// <param name="now">The time.</param>
    /// <param name="lastAnswer">When one of the path's own probes was answered last: where nothing at all came back meanwhile it was not the size.</param>
    public void Expire(MonoTime now, MonoTime lastAnswer)
    {
        if (Flow?.Session.TryExpire(now, out var sentAt) != true || !IsUnderWay)
        {
            return;
        }

        if (lastAnswer >= sentAt)
        {
            search.OnMissed(_tried, isCertain: false);
        }

        End(now);
    }

    private void End(MonoTime now) => Continue(now + (search.IsSettled ? s_settledInterval : s_searchInterval));
}
