namespace Meshpulse.Lab.Switching;

/// <summary>Keeps the count of one flow in one direction.</summary>
internal sealed class FlowBook
{
    private long _highest = -1;

    /// <summary>So far.</summary>
    public FlowCount Count { get; private set; }

    /// <summary>One came; its number.</summary>
    public long Arrive()
    {
        Count = Count with { Arrived = Count.Arrived + 1 };
        return Count.Arrived - 1;
    }

    /// <summary>One vanished.</summary>
    public void Drop() => Count = Count with { Dropped = Count.Dropped + 1 };

    /// <summary>One was given to its receiver.</summary>
    public void Forward(long number, bool isCopy)
    {
        Count = isCopy
            ? Count with { Duplicated = Count.Duplicated + 1 }
            : Count with { Forwarded = Count.Forwarded + 1, Reordered = Count.Reordered + (number < _highest ? 1 : 0) };
        _highest = Math.Max(_highest, number);
    }
}
