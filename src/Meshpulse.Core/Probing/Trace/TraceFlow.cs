using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing.Trace;

/// <summary>
/// One flow: how far its path is known, and where its turn stands. A turn asks each hop once, from the first to the end of the path.
/// </summary>
internal sealed class TraceFlow
{
    // Beyond the last answer: so many probes may wait there at once, and so many silent hops are asked again once all were.
    private const int Ahead = 5;

    private static readonly Duration s_longestGap = Duration.FromMilliseconds(20);

    private readonly TraceOptions _options;
    private readonly TraceCell?[] _cells;
    private readonly List<TraceFlight> _waiting = [];
    private int _next = 1;
    private int _id;

    public TraceFlow(TraceOptions options, int number, MonoTime due)
    {
        (_options, Number, DueAt) = (options, number, due);
        _cells = new TraceCell?[options.MaxHops + 1];
    }

    public int Number { get; }

    /// <summary>When the next probe may be sent.</summary>
    public MonoTime DueAt { get; private set; }

    /// <summary>Turns that were finished.</summary>
    public long Turns { get; private set; }

    /// <summary>The TTL at which the path ends; null where that is not known.</summary>
    public int? End { get; private set; }

    public TraceAnswerKind EndKind { get; private set; }

    public TraceRefusal EndRefusal { get; private set; }

    public int LastAnswer { get; private set; }

    /// <summary>The highest TTL that was sent.</summary>
    public int AskedUpTo { get; private set; }

    public IReadOnlyList<TraceFlight> Waiting => _waiting;

    public bool IsDone => _options.Rounds is { } rounds && Turns >= rounds;

    private int Limit => End ?? (Turns == 0 ? _options.MaxHops : Math.Min(_options.MaxHops, LastAnswer + Ahead));

    private MonoTime TurnAt { get; set; }

    /// <summary>There is room for one more under way.</summary>
    public bool HasRoom(int mostUnderWay) =>
        _waiting.Count < mostUnderWay && (End is not null || _waiting.Count(f => f.Probe.TimeToLive > LastAnswer) < Ahead);

    /// <summary>Takes the next probe of the turn. The turn may have ended meanwhile, as answers came: then there is none.</summary>
    public bool TryTake(MonoTime now, Duration shortestGap, out TraceProbe probe)
    {
        probe = default;
        if (_next > Limit)
        {
            EndTurn(now);
            return false;
        }

        if (_next == 1)
        {
            TurnAt = DueAt;
        }

        _id = (_id % ushort.MaxValue) + 1;
        probe = new TraceProbe(Number, _next++, _id);
        AskedUpTo = Math.Max(AskedUpTo, probe.TimeToLive);
        var share = _options.Interval / _options.Flows / Limit;
        DueAt = now + Duration.Max(shortestGap, Duration.Min(share, s_longestGap));
        return true;
    }

    /// <summary>Ends the turn where it stands.</summary>
    public void EndTurn(MonoTime now)
    {
        Turns++;
        _next = 1;
        // A turn that took longer than the interval puts off those to come: two at once would ask too much of the hops.
        var due = TurnAt + _options.Interval;
        DueAt = due > now ? due : now;
    }

    public void OnSent(TraceFlight flight)
    {
        _waiting.Add(flight);
        CellAt(flight.Probe.TimeToLive).Sent();
    }

    /// <summary>A probe waits no more.</summary>
    public void Decide(TraceFlight flight)
    {
        flight.IsWaiting = false;
        _ = _waiting.Remove(flight);
    }

    /// <summary>Learns about the path from an answer.</summary>
    public void Learn(int timeToLive, in TraceAnswer answer)
    {
        LastAnswer = Math.Max(LastAnswer, timeToLive);
        if (answer.Kind == TraceAnswerKind.Transit)
        {
            if (timeToLive >= End)
            {
                // The path has become longer.
                (End, EndKind, EndRefusal) = (null, TraceAnswerKind.None, TraceRefusal.None);
            }
        }
        else if (End is null || timeToLive <= End)
        {
            (End, EndKind, EndRefusal) = (timeToLive, answer.Kind, answer.Refusal);
        }
    }

    public TraceCell CellAt(int timeToLive) => _cells[timeToLive] ??= new TraceCell();

    /// <summary>What the flow saw at a hop; null where its path ends before, or it has not asked.</summary>
    public TraceFlowHop? Report(int timeToLive) => timeToLive > End ? null : _cells[timeToLive]?.Report(Number);

    /// <summary>All its probes.</summary>
    public TraceCounts Total() => _cells.Aggregate(default(TraceCounts), (sum, cell) => cell is null ? sum : sum + cell.Counts);
}
