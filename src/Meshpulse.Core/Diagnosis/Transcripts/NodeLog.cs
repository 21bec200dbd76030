using Meshpulse.Core.Diagnosis.Rules;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Transcripts;

/// <summary>What a node printed of itself lately: its reports, and how late it sent in each.</summary>
internal sealed class NodeLog
{
    private const int Most = 256;

    private readonly Queue<OwnReport> _reports = new();
    private OwnReport? _last;

    /// <summary>How late it sends in an ordinary interval, in milliseconds.</summary>
    public Usual Send { get; } = new();

    /// <summary>The last line of its own; null where there is no log of it.</summary>
    public WallTime? Last { get; set; }

    /// <summary>Its datacenter, where its log tells.</summary>
    public string? Datacenter { get; set; }

    /// <summary>Others have ended their connections to it, and have not heard it since.</summary>
    public Suspected? Absent { get; set; }

    /// <summary>Seconds from one report to the next.</summary>
    public Usual Interval { get; } = new();

    /// <summary>Its report of an interval.</summary>
    public OwnReport Report(WallTime from, WallTime until)
    {
        if (_last is not { } last || last.Until != until)
        {
            _last = last = new OwnReport { From = from, Until = until };
            _reports.Enqueue(last);
            if (_reports.Count > Most)
            {
                _ = _reports.Dequeue();
            }
        }

        return last;
    }

    /// <summary>How long it stood still at most at the time of a trouble, by its own word; null where it says nothing of that time.</summary>
    public Duration? StallAt(Trouble trouble)
    {
        Duration? longest = null;
        foreach (var report in _reports)
        {
            if (report.From <= trouble.Until && report.Until >= trouble.From)
            {
                longest = Duration.Max(longest ?? Duration.Zero, report.OwnStall);
            }
        }

        return longest;
    }

    /// <summary>What is said of it while nobody hears it, as of a moment; null where somebody does.</summary>
    public Suspicion? SeenAbsent(WallTime now)
    {
        if (Absent is not { } absent)
        {
            return null;
        }

        var seen = absent.Until is { } until && until < now ? until : now;
        Absent = absent.Until <= now ? null : absent;
        return absent.As with { Seen = new MonoTime(seen.Nanoseconds) };
    }

    /// <summary>Forgets what ended before a moment.</summary>
    public void Forget(WallTime before)
    {
        while (_reports.TryPeek(out var report) && report.Until < before)
        {
            _ = _reports.Dequeue();
        }
    }
}
