using System.Numerics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing.Stamp;

/// <summary>
/// The sender's side of one STAMP session over one flow (RFC 8762): numbers requests, judges replies, and says how many packets
/// were lost in which direction. Called with the time and what came; bounded, and allocates nothing after construction. One thread.
/// <para>
/// <b>The problem.</b> A reply carries s, the request's number, and r, how many replies the reflector had given. So a missing s
/// with no missing r was lost on the way there, and one with a missing r on the way back. The obvious way, differences between
/// successive replies, is wrong as soon as replies overtake each other; the second obvious way, "so many s, so many r, subtract",
/// is wrong when a request is duplicated: its copy takes an r that belongs to no other s, and each lost reply to a copy makes one
/// forward loss look like a backward one.
/// </para>
/// <para>
/// <b>Gaps.</b> Lay the answered requests in the sender's order. One is a <em>pivot</em> where its numbers are above those of all
/// before it and below those of all after it. Between two pivots u requests and m numbers are missing. Let f and b be the losses of
/// that gap, h the numbers that went to copies of requests (and were lost), i and o the requests that were overtaken into this gap
/// or out of it (and whose reply was lost): u = f + b + o, m = b + h + i. Two equations, five unknowns. Each is read with the
/// fewest events: b = min(u, m), f = u - b. A request overtaken out of one gap and into another leaves a surplus of one request
/// here and of one number there; such pairs are backward losses (see below for when not).
/// </para>
/// <para>
/// <b>Exact when</b> the reflector counts, and no copy's number went missing (no h): then the sum of m over any stretch <em>is</em>
/// the backward losses, each surplus number has its surplus request, and it finds one, since no request is under way for longer
/// than the timeout (a slower one comes late or counts as lost) and pairing the earliest first on a line leaves nobody alone whom
/// another pairing would serve. That holds under any reordering and duplication of replies, under wrapping of both numbers, under
/// duplication of requests whose replies all come (their numbers are known; but see the next paragraph where it meets a loss),
/// under a reflector that starts anywhere above the first s it answers, or at 0.
/// </para>
/// <para>
/// <b>Still right, if not always exact,</b> with lost copies: where h meets u in one gap, f = 1, h = 1 and b = 1 look the same. A
/// gap whose bounds or members were visibly duplicated, or with more numbers missing than requests, is read as backward only in a
/// session that has lost nothing forward, or shows no duplicates; else as unknown. A surplus request near a surplus number is then
/// unknown as well. A surplus number with no surplus request in reach went to a copy and blames nobody.
/// </para>
/// <para>
/// <b>Not decidable,</b> by nobody with these numbers: (1) what follows the last reply of the session, or of an epoch: unknown. (2)
/// Before the reply with the lowest number, where that says that the count did not begin at 0: unknown. (3) r = s in every reply: a
/// counting reflector that every request reached, or one that copies. Unknown until one r differs in any reply, or the caller knows
/// better (<see cref="NoteKind"/>; a Follow-Up or Direct Measurement TLV that is filled in proves a count); then all of it is
/// backward, also in hindsight. (4) A forward loss beside a duplicate that nobody ever saw, in a gap of their own: read as one
/// backward loss, three events against one. (5) A request overtaken by the last one that was answered, or one that overtook the
/// first where the count did not begin at 0, with its reply lost: read as a forward loss, until (in the first case) another reply
/// comes; the same at the ends of an epoch. (6) A reflector that restarts with a number as if nothing had been, or within the few
/// packets that are under way at once: losses meanwhile are read like any gap. Claims are wrong in (4), (5) and (6) only.
/// </para>
/// <para>
/// <b>Time.</b> A request can change until timeout and memory have passed, and the cut before it until no request that overtook it
/// can: <see cref="Horizon"/>. What is older is added to sums; the rest, a ring of fixed size, is gone over whenever the totals are
/// read. Where requests come faster than the session was made for the oldest are decided early, and their replies are unknown.
/// </para>
/// </summary>
public sealed class StampSession
{
    /// <summary>Requests remembered at most.</summary>
    public const int MaxRemembered = 65_536;

    private readonly Request[] _requests;
    private readonly long _firstNumber;
    private readonly Duration _timeout;
    private readonly Duration _patience;
    private readonly ReflectorCount _count;
    private LossLedger _ledger;
    private long _next;
    private long _settled;
    private long _undecided;
    private long _answered;
    private long _late;
    private long _outstanding;
    private long _duplicates;
    private long _reflectedTwice;
    private long _reordered;
    private long _reorderingExtent;
    private long _unknown;
    private long _forged;
    private long _arrivals;
    private long _highestAnswered = -1;

    /// <summary>A session that has sent nothing.</summary>
    /// <param name="interval">
    /// Between requests of this session; more than zero. Only sizes the memory: about 100 bytes for each request within the horizon.
    /// </param>
    /// <param name="timeout">After which a request is lost; more than zero.</param>
    /// <param name="memory">How long after its timeout a reply is still known as late; not negative.</param>
    /// <param name="first">The first number; 0 on the wire (RFC 8762, section 4.2).</param>
    public StampSession(Duration interval, Duration timeout, Duration memory, SerialNumber first = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, Duration.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, Duration.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(memory, Duration.Zero);
        _timeout = timeout;
        _patience = timeout + memory;
        Horizon = _patience + timeout;
        // An eighth more, so that settling comes in strides.
        var wanted = (Horizon.Nanoseconds / interval.Nanoseconds * 9 / 8) + 8;
        var size = (int)Math.Clamp(wanted, 16, MaxRemembered);
        // Not the next power of two, which would be half as much again for thousands of flows.
        _requests = new Request[size];
        _firstNumber = first.Value;
        _count = new ReflectorCount((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(64, 4 * size)));
        _ledger = new LossLedger(timeout);
    }

    private enum State : byte
    {
        None,
        Waiting,
        Lost,
        Answered,
    }

    /// <summary>The number that the next request will have.</summary>
    public SerialNumber NextSequence => SerialNumber.FromLong(_firstNumber + _next);

    /// <summary>How the reflector numbers its replies, as far as is known.</summary>
    public ReflectorKind Kind { get; private set; }

    /// <summary>How old a request is when nothing can change its direction any more: twice the timeout and the memory.</summary>
    public Duration Horizon { get; }

    /// <summary>When the oldest request that waits is decided; <see cref="MonoTime.Never"/> where none waits.</summary>
    public MonoTime NextExpiry => SkipDecided() ? At(_undecided).SentAt + _timeout : MonoTime.Never;

    /// <summary>What became of everything so far. Costs some nanoseconds for each request within the horizon.</summary>
    public StampTotals Totals
    {
        get
        {
            var ledger = _ledger;
            Fold(ref ledger, _next);
            ledger.Finish();
            var lost = _next - _answered - _late - _outstanding;
            var (forward, backward) = Read(ref ledger);
            return new StampTotals(
                _next,
                _answered,
                _late,
                forward,
                backward,
                lost - forward - backward,
                _outstanding,
                _duplicates,
                _reflectedTwice,
                _reordered,
                _reorderingExtent,
                _unknown,
                _forged,
                _count.Epochs);
        }
    }

    /// <summary>The caller knows how the reflector counts: by a TLV, by another flow to it, by the configuration.</summary>
    public void NoteKind(ReflectorKind kind) => Kind = kind;

    /// <summary>A request left.</summary>
    /// <param name="now">When; never before the last one.</param>
    /// <param name="intended">When it was due.</param>
    /// <param name="t1">The timestamp that it carries, as it comes back from the format on the wire.</param>
    /// <returns>Its number.</returns>
    public SerialNumber OnSent(MonoTime now, MonoTime intended, WallTime t1)
    {
        if (_next - _settled == _requests.Length)
        {
            MakeRoom();
        }

        var number = NextSequence;
        At(_next++) = new Request { State = State.Waiting, SentAt = now, IntendedAt = intended, T1 = t1 };
        _outstanding++;
        return number;
    }

    /// <summary>The kernel's time of a request's leaving. Not believed where it lies before the time that the request carries.</summary>
    public void OnSendStamp(SerialNumber number, WallTime stamp)
    {
        var sequence = number.Unwrap(_firstNumber + _next) - _firstNumber;
        if (sequence >= _settled && sequence < _next && stamp >= At(sequence).T1)
        {
            At(sequence).Stamp = stamp.Nanoseconds;
        }
    }

    /// <summary>A reply came; the caller has made sure that it came from the reflector.</summary>
    public StampDecision OnReply(in StampReply reply)
    {
        var sequence = reply.SenderSequence.Unwrap(_firstNumber + _next) - _firstNumber;
        if (sequence < _settled || sequence >= _next)
        {
            _unknown++;
            return new StampDecision(StampOutcome.Unknown, 0, default, default, default);
        }

        ref var request = ref At(sequence);
        if (request.T1 != reply.T1)
        {
            _forged++;
            return new StampDecision(StampOutcome.Forged, 0, default, default, default);
        }

        // Two clock readings of which one went through the kernel's wall clock may cross by a little.
        var elapsed = Duration.Max(Duration.Zero, reply.Arrived - request.SentAt);
        if (elapsed > _patience)
        {
            _unknown++;
            return new StampDecision(StampOutcome.Unknown, 0, default, default, default);
        }

        return request.State == State.Answered
            ? OnCopy(ref request, sequence, reply, elapsed)
            : OnFirst(ref request, sequence, reply, elapsed);
    }

    /// <summary>Decides the requests whose timeout has passed.</summary>
    /// <returns>How many were found lost.</returns>
    public int Expire(MonoTime now)
    {
        var lost = 0;
        while (TryExpire(now, out _))
        {
            lost++;
        }

        return lost;
    }

    /// <summary>Decides the oldest request that waits, if its timeout has passed; to be called until it says no.</summary>
    /// <param name="now">The time.</param>
    /// <param name="sentAt">When the request that is lost left.</param>
    public bool TryExpire(MonoTime now, out MonoTime sentAt)
    {
        if (SkipDecided() && now - At(_undecided).SentAt > _timeout)
        {
            sentAt = At(_undecided).SentAt;
            GiveUp(_undecided);
            return true;
        }

        sentAt = default;
        SettleOld(now);
        return false;
    }

    /// <summary>Adds to the sums what nothing can change any more.</summary>
    private void SettleOld(MonoTime now)
    {
        var stride = _settled + (_requests.Length / 8);
        if (stride < _next && now - At(stride).SentAt > Horizon)
        {
            Fold(ref _ledger, stride + 1);
            _settled = stride + 1;
        }
    }

    private StampDecision OnFirst(ref Request request, long sequence, in StampReply reply, Duration elapsed)
    {
        var takesBack = request.State == State.Lost;
        var isLate = elapsed > _timeout;
        _outstanding -= takesBack ? 0 : 1;
        _late += isLate ? 1 : 0;
        _answered += isLate ? 0 : 1;
        request.State = State.Answered;
        request.Lowest = request.Highest = Place(sequence, reply, isFirst: true, out _, out var startsEpoch);
        request.Arrival = _arrivals++;
        var extent = ExtentOf(sequence, request.Arrival);
        _highestAnswered = Math.Max(_highestAnswered, sequence);
        return Decide(in request, sequence, isLate ? StampOutcome.Late : StampOutcome.Answered, elapsed) with
        {
            ReorderingExtent = extent,
            TakesBackLoss = takesBack,
            StartsEpoch = startsEpoch,
        };
    }

    private StampDecision OnCopy(ref Request request, long sequence, in StampReply reply, Duration elapsed)
    {
        _duplicates++;
        var isNumbered = false;
        var startsEpoch = false;
        // A copy of the reply has a number that is known; one that came back with another was reflected again.
        if (reply.ReflectorSequence != SerialNumber.FromLong(request.Lowest)
            && reply.ReflectorSequence != SerialNumber.FromLong(request.Highest))
        {
            var number = Place(sequence, reply, isFirst: false, out isNumbered, out startsEpoch);
            if (isNumbered)
            {
                _reflectedTwice++;
                request.Copies++;
                request.Lowest = Math.Min(request.Lowest, number);
                request.Highest = Math.Max(request.Highest, number);
            }
        }

        return Decide(in request, sequence, StampOutcome.Duplicate, elapsed) with
        {
            ReflectedTwice = isNumbered,
            StartsEpoch = startsEpoch,
        };
    }

    private static StampDecision Decide(ref readonly Request request, long sequence, StampOutcome outcome, Duration elapsed) =>
        new(outcome, sequence, request.SentAt, request.IntendedAt, elapsed)
        {
            T1 = request.T1,
            SendStamp = request.Stamp == 0 ? null : new WallTime(request.Stamp),
        };

    private long Place(long sequence, in StampReply reply, bool isFirst, out bool isNew, out bool startsEpoch)
    {
        if (Kind == ReflectorKind.Undecided && reply.ReflectorSequence != reply.SenderSequence)
        {
            Kind = ReflectorKind.Stateful;
        }

        return _count.Place(reply.ReflectorSequence, sequence, reply.T3, isFirst, out isNew, out startsEpoch);
    }

    /// <summary>RFC 4737, section 4.2.1; zero for a reply in order.</summary>
    private long ExtentOf(long sequence, long arrival)
    {
        var earliest = arrival;
        for (var later = sequence + 1; later <= _highestAnswered; later++)
        {
            ref readonly var other = ref At(later);
            if (other.State == State.Answered)
            {
                earliest = Math.Min(earliest, other.Arrival);
            }
        }

        var extent = arrival - earliest;
        _reordered += extent > 0 ? 1 : 0;
        _reorderingExtent = Math.Max(_reorderingExtent, extent);
        return extent;
    }

    private (long Forward, long Backward) Read(ref readonly LossLedger ledger)
    {
        if (Kind == ReflectorKind.Stateless)
        {
            return (0, 0);
        }

        var isDoubled = _reflectedTwice > 0 || ledger.Orphans > 0;
        var backward = isDoubled ? 0 : ledger.Swapped;
        if (Kind == ReflectorKind.Stateful)
        {
            backward += ledger.Matched + (ledger.Forward == 0 || !isDoubled ? ledger.Suspect : 0);
        }

        return (ledger.Forward, backward);
    }

    /// <summary>Lays the requests from the first that is not settled into a ledger.</summary>
    private void Fold(ref LossLedger ledger, long end)
    {
        var lowest = long.MaxValue;
        for (var sequence = _next - 1; sequence >= _settled; sequence--)
        {
            ref var request = ref At(sequence);
            request.Followers = lowest;
            lowest = request.State == State.Answered ? Math.Min(lowest, request.Lowest) : lowest;
        }

        for (var sequence = _settled; sequence < end; sequence++)
        {
            ref readonly var request = ref At(sequence);
            if (request.State == State.Answered)
            {
                ledger.AddAnswered(request.Lowest, request.Highest, request.Copies, request.SentAt, request.Followers);
            }
            else
            {
                ledger.AddUnanswered(request.State == State.Waiting);
            }
        }
    }

    private void MakeRoom()
    {
        var end = _settled + (_requests.Length / 8);
        while (SkipDecided() && _undecided < end)
        {
            GiveUp(_undecided);
        }

        Fold(ref _ledger, end);
        _settled = end;
    }

    private void GiveUp(long sequence)
    {
        At(sequence).State = State.Lost;
        _outstanding--;
    }

    /// <summary>Moves on to the oldest request that waits; false where none does.</summary>
    private bool SkipDecided()
    {
        while (_undecided < _next && At(_undecided).State != State.Waiting)
        {
            _undecided++;
        }

        return _undecided < _next;
    }

    private ref Request At(long sequence) => ref _requests[(int)((ulong)sequence % (uint)_requests.Length)];

    private struct Request
    {
        public MonoTime SentAt;
        public MonoTime IntendedAt;
        public WallTime T1;
        // Nanoseconds of the wall clock; 0 where the kernel has not told it.
        public long Stamp;
        public long Lowest;
        public long Highest;
        public long Followers;
        public long Arrival;
        public int Copies;
        public State State;
    }
}
