namespace Meshpulse.Agent.Export;

/// <summary>
/// Keeps the number of guests bounded by showing out the one that has been inactive longest, instead of turning the newcomer away.
/// <para>
/// The problem: a port that refuses the 129th connection is closed to its scraper by anybody who opens 128 and says nothing. A timeout
/// only makes him come again. What we do: the newcomer is let in and the connection whose last request began longest ago is
/// cut; a scraper at work began a moment ago and is the last to go.
/// </para>
/// </summary>
internal sealed class BoundedAdmission(int limit)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Action> _guests = new();
    private long _evicted;

    /// <summary>How many were shown out so far.</summary>
    public long Evicted => Interlocked.Read(ref _evicted);

    /// <summary>Lets a guest in.</summary>
    /// <param name="evict">Called at most once, from any thread, to cut the guest off; must return at once.</param>
    public LinkedListNode<Action> Enter(Action evict)
    {
        var guest = new LinkedListNode<Action>(evict);
        LinkedListNode<Action>? oldest = null;
        lock (_gate)
        {
            if (_guests.Count >= limit)
            {
                oldest = _guests.First!;
                _guests.Remove(oldest);
            }

            _guests.AddLast(guest);
        }

        if (oldest is not null)
        {
            Interlocked.Increment(ref _evicted);
            oldest.Value();
        }

        return guest;
    }

    /// <summary>Notes that a guest is active now.</summary>
    public void Touch(LinkedListNode<Action> guest)
    {
        lock (_gate)
        {
            if (guest.List is not null)
            {
                _guests.Remove(guest);
                _guests.AddLast(guest);
            }
        }
    }

    /// <summary>Notes that a guest is gone, shown out or not.</summary>
    public void Leave(LinkedListNode<Action> guest)
    {
        lock (_gate)
        {
            if (guest.List is not null)
            {
                _guests.Remove(guest);
            }
        }
    }
}
