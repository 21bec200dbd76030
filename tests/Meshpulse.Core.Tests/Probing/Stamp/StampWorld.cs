using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Probing.Stamp;

/// <summary>A path and a counting reflector whose every packet's fate is known, with a session that only sees the replies.</summary>
internal sealed class StampWorld(ulong seed, int count, StampWeather weather)
{
    public const long Interval = 10_000;
    public static readonly Duration Timeout = Duration.FromSeconds(1);
    public static readonly Duration Memory = Duration.FromSeconds(2);

    private readonly SplitMix64 _random = new(seed);
    private readonly List<(long At, int Sequence)> _arrivals = [];
    private readonly PriorityQueue<Reply, long> _replies = new();
    private readonly Fate[] _fates = new Fate[count];

    public StampSession Session { get; } =
        new(Duration.FromMicroseconds(Interval), Timeout, Memory, new SerialNumber(weather.First));

    /// <summary>Every number that was given: whose it was, and whether its reply came in time to be believed.</summary>
    public List<(int Sequence, int Epoch, uint Number, bool IsHeard)> Given { get; } = [];

    public long Reordered { get; private set; }

    public long MaxExtent { get; private set; }

    public long Duplicates { get; private set; }

    public long Forward => _fates.LongCount(f => !f.IsHeard && !f.IsNumbered);

    public long Backward => _fates.LongCount(f => !f.IsHeard && f.IsNumbered);

    public long Answered => _fates.LongCount(f => f.IsHeard && f.Elapsed <= Timeout.Microseconds);

    public long Late => _fates.LongCount(f => f.IsHeard && f.Elapsed > Timeout.Microseconds);

    public int HighestHeard => Array.FindLastIndex(_fates, f => f.IsHeard);

    /// <summary>From where on losses have a direction: 0 where the count begins at 0, else whose reply has the lowest number.</summary>
    public int FirstKnown => weather.Base == 0 ? 0 : Given.Find(g => g.IsHeard).Sequence;

    public Fate FateOf(int sequence) => _fates[sequence];

    public string Describe() => $"seed {seed}, {count} packets, {weather}: {Session.Totals}; truth {Answered} {Late} {Forward} {Backward}";

    /// <summary>Runs the history to its end; <paramref name="look"/> is called now and then.</summary>
    public void Run(Action<StampTotals>? look = null)
    {
        SendAll();
        Reflect();
        var order = new List<(int Sequence, long Arrival)>();
        for (var sequence = 0; sequence < count; sequence++)
        {
            Deliver(SentAt(sequence), order);
            Session.Expire(At(SentAt(sequence)));
            Session.OnSent(At(SentAt(sequence)), At(SentAt(sequence)), T1(sequence));
            if (sequence % 64 == 63)
            {
                look?.Invoke(Session.Totals);
            }
        }

        var end = SentAt(count - 1) + 20_000_000;
        Deliver(end, order);
        Session.Expire(At(end));
        CountReordering(order);
    }

    private long SentAt(int sequence) =>
        1_000_000 + (sequence * Interval) + (weather.QuietEnd && sequence == count - 1 ? 2_000_000 : 0);

    private static MonoTime At(long microseconds) => new(microseconds * 1_000);

    private static WallTime T1(int sequence) => new(1_700_000_000_000_000_000 + (sequence * 9_999_999L));

    /// <summary>
    /// The last one on request. And the first one, where requests overtake each other: what overtakes it and is lost makes a
    /// count from 0 look like one from elsewhere.
    /// </summary>
    private bool IsCalm(int sequence) =>
        (weather.QuietEnd && sequence == count - 1) || (sequence == 0 && weather.ForwardJitter > 0);

    private void SendAll()
    {
        for (var sequence = 0; sequence < count; sequence++)
        {
            var copies = Happens(weather.ForwardCopies) ? 2 : 1;
            for (var i = 0; i < copies; i++)
            {
                if (IsCalm(sequence) ? i == 0 : !Happens(weather.ForwardLoss))
                {
                    var delay = IsCalm(sequence) ? 0 : Jitter(weather.ForwardJitter);
                    _arrivals.Add((SentAt(sequence) + 500 + delay, sequence));
                }
            }
        }

        _arrivals.Sort();
    }

    private void Reflect()
    {
        var (number, epoch, last) = (weather.Base, 0, 0L);
        foreach (var (at, sequence) in _arrivals)
        {
            for (; last < at / Interval; last++)
            {
                if (Happens(weather.Restart))
                {
                    (number, epoch) = (0, epoch + 1);
                }
            }

            _fates[sequence].IsNumbered = true;
            Answer(at + 50, sequence, new SerialNumber(number), epoch);
            number = unchecked(number + 1);
        }
    }

    private void Answer(long at, int sequence, SerialNumber number, int epoch)
    {
        Given.Add((sequence, epoch, number.Value, false));
        var copies = Happens(weather.BackwardCopies) ? 2 : 1;
        for (var i = 0; i < copies; i++)
        {
            if (!IsCalm(sequence) && Happens(weather.BackwardLoss))
            {
                continue;
            }

            var slow = !IsCalm(sequence) && Happens(weather.Slow) ? _random.Below(4_000_000) : 0;
            var arrival = at + 500 + Jitter(weather.BackwardJitter) + slow;
            _replies.Enqueue(new Reply(sequence, number, at, arrival, Given.Count - 1), arrival);
        }
    }

    private void Deliver(long until, List<(int, long)> order)
    {
        while (_replies.TryPeek(out var reply, out var at) && at <= until)
        {
            _ = _replies.Dequeue();
            Session.Expire(At(at));
            var elapsed = reply.Arrival - SentAt(reply.Sequence);
            var wire = new SerialNumber(unchecked(weather.First + (uint)reply.Sequence));
            var decision = Session.OnReply(new StampReply(wire, reply.Number, T1(reply.Sequence), Wall(reply.At), Wall(reply.At + 1), At(at)));
            Note(reply, elapsed, order);
            Assert.True(Expected(elapsed) == decision.Outcome || decision.Outcome == StampOutcome.Duplicate, $"{reply}: {decision}");
        }
    }

    private static StampOutcome Expected(long elapsed) => elapsed switch
    {
        <= 1_000_000 => StampOutcome.Answered,
        <= 3_000_000 => StampOutcome.Late,
        _ => StampOutcome.Unknown,
    };

    private void Note(Reply reply, long elapsed, List<(int, long)> order)
    {
        if (Expected(elapsed) == StampOutcome.Unknown)
        {
            return;
        }

        Given[reply.Index] = Given[reply.Index] with { IsHeard = true };
        ref var fate = ref _fates[reply.Sequence];
        if (fate.IsHeard)
        {
            Duplicates++;
            return;
        }

        (fate.IsHeard, fate.Elapsed) = (true, elapsed);
        order.Add((reply.Sequence, order.Count));
    }

    /// <summary>RFC 4737 by its definition, at its cost.</summary>
    private void CountReordering(List<(int Sequence, long Arrival)> order)
    {
        var highest = -1;
        for (var i = 0; i < order.Count; i++)
        {
            if (order[i].Sequence < highest)
            {
                Reordered++;
                var first = order.FindIndex(o => o.Sequence > order[i].Sequence);
                MaxExtent = Math.Max(MaxExtent, i - first);
            }

            highest = Math.Max(highest, order[i].Sequence);
        }
    }

    private static WallTime Wall(long microseconds) => new(1_700_000_123_000_000_000 + (microseconds * 1_000));

    private int Jitter(int upTo) => upTo == 0 ? 0 : _random.Below(upTo);

    private bool Happens(double chance) => _random.NextDouble() < chance;

    internal record struct Fate(bool IsNumbered, bool IsHeard, long Elapsed);

    private readonly record struct Reply(int Sequence, SerialNumber Number, long At, long Arrival, int Index);
}
