using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing.Ping;

/// <summary>
/// The requests to one target and what becomes of each.
/// <para>
/// The problem: a report over a window wants to know what was lost, and an answer may still be on its way when the window is
/// read. The original calls lost whatever has not answered when it looks, so that a round trip of 1.5 s shows 10 % of loss
/// where nothing is lost. What we do: a request is decided once, by its answer or by its time-out, and counts in the window in which it was
/// decided; an answer that comes later still takes the loss back, there where it was counted.
/// </para>
/// <para>
/// A ring of fixed size remembers the requests by their numbers, which count up; nothing is allocated after construction. A
/// request that could not be sent takes no number and is nobody's loss.
/// </para>
/// </summary>
public sealed class PingSession
{
    /// <summary>Requests remembered at most; at 1 ms an answer is known for a minute.</summary>
    public const int MaxRemembered = 65_536;

    private readonly Request[] _requests;
    private readonly int _mask;
    private readonly Duration _timeout;
    private ulong _undecided = 1;

    /// <summary>A session whose first request is number 1.</summary>
    /// <param name="interval">Between requests; more than zero.</param>
    /// <param name="timeout">After which a request is lost; more than zero.</param>
    /// <param name="memory">How long after its time-out an answer is still known as late.</param>
    public PingSession(Duration interval, Duration timeout, Duration memory)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, Duration.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, Duration.Zero);
        var wanted = ((timeout + memory).Nanoseconds / interval.Nanoseconds) + 2;
        var size = System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(wanted, 16, MaxRemembered));
        _requests = new Request[size];
        _mask = (int)size - 1;
        _timeout = timeout;
    }

    private enum State : byte
    {
        None,
        Waiting,
        Answered,
        Lost,
    }

    /// <summary>The number that the next request will have.</summary>
    public ulong NextId { get; private set; } = 1;

    /// <summary>Requests that wait for their answer.</summary>
    public int Outstanding { get; private set; }

    /// <summary>The next request was sent. Where the ring is full of requests that wait, the oldest must be decided first: see <see cref="TryExpire"/>.</summary>
    public void OnSent(MonoTime at)
    {
        _requests[(int)NextId & _mask] = new Request(NextId, at, State.Waiting);
        NextId++;
        Outstanding++;
    }

    /// <summary>An answer came; the caller has made sure that it came from the target.</summary>
    public PingDecision OnReply(ulong id, MonoTime arrived)
    {
        ref var request = ref _requests[(int)id & _mask];
        if (request.Id != id || request.State == State.None)
        {
            return new PingDecision(PingOutcome.Unknown, Duration.Zero, arrived);
        }

        // Two clock readings of which one went through the kernel's wall clock may cross by a little.
        var latency = Duration.Max(Duration.Zero, arrived - request.SentAt);
        var inTime = latency <= _timeout;
        var timedOutAt = request.SentAt + _timeout;
        switch (request.State)
        {
            case State.Waiting:
                Outstanding--;
                request.State = State.Answered;
                return inTime
                    ? new PingDecision(PingOutcome.Answered, latency, arrived)
                    : new PingDecision(PingOutcome.Late, latency, timedOutAt);
            case State.Lost:
                // In time after all where it had arrived before the time-out and was read after it: our own lateness.
                request.State = State.Answered;
                return new PingDecision(inTime ? PingOutcome.Answered : PingOutcome.Late, latency, timedOutAt, TakesBackLoss: true);
            default:
                return new PingDecision(PingOutcome.Duplicate, latency, arrived);
        }
    }

    /// <summary>When the oldest request that waits is decided; <see cref="MonoTime.Never"/> where none waits.</summary>
    public MonoTime NextExpiry => SkipDecided() ? _requests[(int)_undecided & _mask].SentAt + _timeout : MonoTime.Never;

    /// <summary>Decides the oldest request whose time-out has passed; false when there is none.</summary>
    public bool TryExpire(MonoTime now, out PingDecision decision)
    {
        decision = default;
        if (!SkipDecided())
        {
            return false;
        }

        ref var request = ref _requests[(int)_undecided & _mask];
        var isCrowdedOut = NextId - _undecided > (ulong)_mask;
        if (now - request.SentAt < _timeout && !isCrowdedOut)
        {
            return false;
        }

        request.State = State.Lost;
        Outstanding--;
        _undecided++;
        decision = new PingDecision(PingOutcome.Lost, Duration.Zero, request.SentAt + _timeout);
        return true;
    }

    /// <summary>Moves on to the oldest request that waits; false where none does.</summary>
    private bool SkipDecided()
    {
        if (Outstanding == 0)
        {
            // Mostly so. Each request would have to be fetched into the cache for it: with a thousand sessions that shows.
            _undecided = NextId;
            return false;
        }

        for (; _undecided < NextId; _undecided++)
        {
            ref readonly var request = ref _requests[(int)_undecided & _mask];
            if (request.Id == _undecided && request.State == State.Waiting)
            {
                return true;
            }
        }

        return false;
    }

    private record struct Request(ulong Id, MonoTime SentAt, State State);
}
