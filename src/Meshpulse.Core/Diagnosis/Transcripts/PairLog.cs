using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Transcripts;

/// <summary>What a node printed of one peer lately: when it printed of it at all, and what was wrong.</summary>
internal sealed class PairLog
{
    private const int Most = 256;

    private readonly Queue<(WallTime From, WallTime Until)> _rows = new();
    private readonly Queue<Trouble> _troubles = new();
    private readonly Queue<(WallTime From, WallTime Until, Duration Length)> _sent = new();

    /// <summary>The longest time between heartbeats of an interval, in milliseconds.</summary>
    public Usual Late { get; } = new();

    /// <summary>The longest latency of a window, in microseconds.</summary>
    public Usual MaxLatency { get; } = new();

    /// <summary>The shortest.</summary>
    public Usual MinLatency { get; } = new();

    /// <summary>When it was first printed of; null before.</summary>
    public WallTime? First { get; private set; }

    /// <summary>When it was last heard, by a row with figures; null where it never was.</summary>
    public WallTime? Heard { get; set; }

    /// <summary>When a connection last came to stand.</summary>
    public WallTime? Joined { get; set; }

    /// <summary>It printed of the peer from one time to another.</summary>
    public void Note(WallTime from, WallTime until)
    {
        First ??= until;
        _rows.Enqueue((from, until));
        if (_rows.Count > Most)
        {
            _ = _rows.Dequeue();
        }
    }

    /// <summary>It sent to the peer late by its own word, in an interval.</summary>
    public void NoteSent(WallTime from, WallTime until, Duration length)
    {
        _sent.Enqueue((from, until, length));
        if (_sent.Count > Most)
        {
            _ = _sent.Dequeue();
        }
    }

    /// <summary>The lateness in sending to the peer that a trouble at the other end can be; null for none.</summary>
    public Duration? SentLate(Trouble trouble)
    {
        foreach (var (from, until, length) in _sent)
        {
            if (from <= trouble.Until && until >= trouble.From && (trouble.IsOpen || (length >= trouble.Size / 2 && length / 2 <= trouble.Size)))
            {
                return length;
            }
        }

        return null;
    }

    public void Take(Trouble trouble)
    {
        _troubles.Enqueue(trouble);
        if (_troubles.Count > Most)
        {
            _ = _troubles.Dequeue();
        }
    }

    /// <summary>Whether it says anything of the time of a trouble: that it saw the same, or that it did not.</summary>
    public bool Tells(Trouble of) => _rows.Any(r => r.From <= of.Until && r.Until >= of.From) || Agreeing(of) is not null;

    /// <summary>What it saw that may be the same; null for nothing.</summary>
    public Trouble? Agreeing(Trouble with)
    {
        Trouble? found = null;
        foreach (var trouble in _troubles)
        {
            if (trouble.Fits(with) && trouble.IsClosing == with.IsClosing)
            {
                found = found is null || trouble.Size > found.Size ? trouble : found;
            }
        }

        return found;
    }

    /// <summary>Forgets what ended before a moment.</summary>
    public void Forget(WallTime before)
    {
        while (_rows.TryPeek(out var row) && row.Until < before)
        {
            _ = _rows.Dequeue();
        }

        while (_sent.TryPeek(out var sent) && sent.Until < before)
        {
            _ = _sent.Dequeue();
        }

        while (_troubles.TryPeek(out var trouble) && trouble.Until < before)
        {
            _ = _troubles.Dequeue();
        }
    }
}
