using Meshpulse.Core.Time;

namespace Meshpulse.Core.Checks;

/// <summary>The TCP connections of one probe that are under way, oldest first. All have the same timeout, so the first one is the first to end.</summary>
internal sealed class AttemptQueue
{
    private readonly Queue<(int Number, MonoTime StartedAt)> _waiting = new();

    public void Add(int number, MonoTime startedAt) => _waiting.Enqueue((number, startedAt));

    /// <summary>The oldest that still waits; those that have ended meanwhile are dropped.</summary>
    /// <param name="isWaiting">Whether the attempt of a number is still the one that began then.</param>
    /// <param name="oldest">Its number and beginning.</param>
    public bool TryPeek(AttemptTable isWaiting, out (int Number, MonoTime StartedAt) oldest)
    {
        while (_waiting.TryPeek(out oldest))
        {
            if (isWaiting.IsWaiting(oldest.Number, oldest.StartedAt))
            {
                return true;
            }

            _waiting.Dequeue();
        }

        return false;
    }
}
