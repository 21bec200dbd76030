using Meshpulse.Core.Time;

namespace Meshpulse.Sim.Network;

/// <summary>Virtual time and what is to happen in it: one thread, in order, the same on every run with the same seed.</summary>
public sealed class VirtualClock
{
    private readonly PriorityQueue<Action, (long At, long Order)> _queue = new();
    private long _order;

    /// <summary>Now; begins at a second, so that times before the start can be told.</summary>
    public MonoTime Now { get; private set; } = new(1_000_000_000);

    /// <summary>How many things happened.</summary>
    public long Steps { get; private set; }

    /// <summary>Has something happen after a while.</summary>
    public void After(Duration delay, Action action) => At(Now + delay, action);

    /// <summary>Has something happen at a time, or at once where that is past. What is due at the same time happens in the order of the calls.</summary>
    public void At(MonoTime time, Action action) => _queue.Enqueue(action, (Math.Max(time.Nanoseconds, Now.Nanoseconds), _order++));

    /// <summary>Lets time pass.</summary>
    public void Run(Duration span)
    {
        var end = Now + span;
        while (_queue.TryPeek(out _, out var next) && next.At <= end.Nanoseconds)
        {
            Now = new MonoTime(next.At);
            Steps++;
            _queue.Dequeue()();
        }

        Now = end;
    }

    /// <summary>Lets time pass until something is true, or a limit is reached.</summary>
    /// <returns>How long it took; null where it did not come true.</returns>
    public Duration? RunUntil(Func<bool> condition, Duration limit)
    {
        var begin = Now;
        while (Now - begin < limit)
        {
            if (condition())
            {
                return Now - begin;
            }

            Run(Duration.FromMilliseconds(50));
        }

        return condition() ? Now - begin : null;
    }
}
