using Meshpulse.Core.Probing.UdpPing;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Probing.StampReflector;

/// <summary>
/// Says which requests are answered under load.
/// <para>
/// The problem: a total limit is there against floods from forged sources, which no limit for each source can hold; but a
/// plain one gives every reply to the flood, which is a thousand times as many, and those who were measuring lose theirs. What we
/// do: the total is an admission control. A session that was answered for a second has that rate, and a quarter more, kept for
/// it, as long as no more than half of the total is kept so. What is kept for one nobody else can use up; everyone, and
/// whoever has used up his own, shares what is not kept. The sum never exceeds the total, whoever comes; the price is that,
/// when more is asked than the total, the quarter more lies idle: a tenth of the total.
/// </para>
/// <para>
/// The limit for each source is strict and comes before: what is kept does not lift it. Whoever forges the very address of a sender
/// can use up that sender's share, and only his.
/// </para>
/// </summary>
internal sealed class StampAdmission
{
    /// <summary>After how much silence nothing is kept for a session any more.</summary>
    public static readonly Duration ReserveIdle = Duration.FromSeconds(60);

    private const long Second = 1_000_000_000;

    private readonly ReflectorLimiter _sources;
    private readonly ReflectorLimits _limits;
    private RateGate _shared;
    private long _sharedRate;
    private MonoTime _sharedWhole = new(long.MinValue);

    /// <summary>One that has answered nobody yet.</summary>
    public StampAdmission(ReflectorLimits limits, ulong seed)
    {
        _limits = limits;
        // The total is kept here; there it is as good as none.
        _sources = new ReflectorLimiter(limits with { TotalRate = Second, TotalBurst = 1_000_000 }, seed);
        _sharedRate = limits.TotalRate;
        _shared = new RateGate(limits.TotalRate, limits.TotalBurst);
    }

    /// <summary>How many sources were forgotten before their time.</summary>
    public long Evictions => _sources.Evictions;

    /// <summary>Asks for one reply, which counts as given where it is allowed.</summary>
    /// <param name="now">Never before the last one.</param>
    /// <param name="source">Whom it is for.</param>
    /// <param name="table">Where its session is; null without state.</param>
    /// <param name="slot">The session's, or -1 for none yet.</param>
    /// <returns>Answer, SourceLimit or TotalLimit.</returns>
    public StampDecision Take(MonoTime now, NodeEndpoint source, StampSessionTable? table, int slot)
    {
        Share(_limits.TotalRate - (table?.Reserved ?? 0));
        var kept = slot >= 0 && IsKept(now, ref table![slot]);
        if (!kept && !_shared.IsOpen(_sharedWhole, now))
        {
            return StampDecision.TotalLimit;
        }

        if (_sources.Take(now, source) != Wire.UdpPing.UdpPingDecision.Answer)
        {
            return StampDecision.SourceLimit;
        }

        if (kept)
        {
            ref var session = ref table![slot];
            session.ReserveWhole = Gate(ref session).Pass(session.ReserveWhole, now);
        }
        else
        {
            _sharedWhole = _shared.Pass(_sharedWhole, now);
        }

        return StampDecision.Answer;
    }

    /// <summary>Takes note of a reply to a session, and once a second of what is to be kept for it.</summary>
    public void Count(MonoTime now, StampSessionTable table, int slot)
    {
        ref var session = ref table[slot];
        var elapsed = (now - session.WindowStart).Nanoseconds;
        if (elapsed >= Second)
        {
            var rate = (long)((((Int128)session.WindowReplies * Second) + elapsed - 1) / elapsed);
            var wanted = Math.Min(_limits.SourceRate, rate + (rate / 4) + 1);
            var room = (_limits.TotalRate / 2) - table.Reserved;
            var kept = wanted > session.Reserved
                ? session.Reserved + Math.Min(room, wanted - session.Reserved)
                : session.Reserved - ((session.Reserved - wanted + 1) / 2);
            table.Reserve(slot, kept);
            (session.WindowStart, session.WindowReplies) = (now, 0);
        }

        session.WindowReplies++;
    }

    private static bool IsKept(MonoTime now, ref StampSession session) =>
        session.Reserved > 0 && Gate(ref session).IsOpen(session.ReserveWhole, now);

    /// <summary>At once after a silence: a quarter of a second's, as senders and readers both stall.</summary>
    private static RateGate Gate(ref StampSession session) =>
        new(session.Reserved, (int)Math.Min(1_000_000, 2 + (session.Reserved / 4)));

    private void Share(long rate)
    {
        if (rate != _sharedRate)
        {
            _sharedRate = rate;
            _shared = new RateGate(Math.Max(1, rate), _limits.TotalBurst);
        }
    }
}
