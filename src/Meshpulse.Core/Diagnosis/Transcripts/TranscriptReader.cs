using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Transcripts;

/// <summary>
/// Reads the console output of the two originals, meshmonitor and mehsh, and of this program where it looks like theirs, line by line. Lines of both may stand in one
/// file, as <c>check --mesh</c> prints them.
/// <para>
/// Whatever a line is, it costs no more than its length, and nothing is kept but a few names.
/// </para>
/// </summary>
public sealed class TranscriptReader
{
    /// <summary>Longer lines are none of theirs.</summary>
    public const int LongestLine = 4_096;

    /// <summary>The interval where none can be known yet: the originals' default.</summary>
    public static readonly Duration UsualInterval = Duration.FromSeconds(5);

    private const int MostAddresses = 10_000;

    private static readonly Duration s_longestInterval = Duration.FromSeconds(3_600);

    private readonly TranscriptClock _clock;
    private readonly string _node;
    private readonly Dictionary<string, string> _addresses = new(StringComparer.Ordinal);
    private readonly Dictionary<long, int> _intervals = [];
    private WallTime? _table;
    private WallTime _tableBefore;
    private string _server = "";

    /// <summary>Begins at a file's beginning.</summary>
    /// <param name="node">Whose output it is, where lines don't say so themselves: those of meshmonitor.</param>
    /// <param name="midnight">When the day of the first line began, where it was printed: meshmonitor's lines have no date.</param>
    public TranscriptReader(string node, WallTime midnight) => (_node, _clock) = (node, new TranscriptClock(midnight));

    /// <summary>What the node calls itself, as ADDRESS or ADDRESS:PORT; null where no line has told.</summary>
    public string? OwnAddress { get; private set; }

    /// <summary>The server whose lines of mehsh come first; null where there are none.</summary>
    public string? OwnServer { get; private set; }

    /// <summary>The address that belongs to a name, by mehsh's lines; at most 10,000. One that goes with two names is left out.</summary>
    public IReadOnlyDictionary<string, string> Addresses => _addresses;

    /// <summary>Lines so far, from 1.</summary>
    public long Lines { get; private set; }

    /// <summary>Those that were understood.</summary>
    public long Known { get; private set; }

    /// <summary>The first that was not, empty ones aside; 0 where there is none.</summary>
    public long FirstUnknown { get; private set; }

    /// <summary>Lines that were not understood.</summary>
    public long Unknown { get; private set; }

    /// <summary>The last time of day, in seconds since the midnight before the first; null where no line had one.</summary>
    public long? Elapsed => _clock.Elapsed;

    /// <summary>The usual time between two tables; what is usual where there are not two.</summary>
    public Duration Interval => _intervals.Count == 0 ? UsualInterval : Duration.FromSeconds(_intervals.MaxBy(i => (i.Value, -i.Key)).Key);

    /// <summary>Takes a line in.</summary>
    /// <param name="line">The line, without its line feed.</param>
    /// <param name="into">Gets what it tells.</param>
    /// <returns>Whether it is one of theirs.</returns>
    public bool Take(ReadOnlySpan<char> line, ICollection<TranscriptEntry> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        Lines++;
        if (line.IsWhiteSpace())
        {
            return false;
        }

        if (line.Length <= LongestLine && TakeText(LineText.Plain(line), into))
        {
            Known++;
            return true;
        }

        NoteUnknown();
        return false;
    }

    /// <summary>Passes over a line that is too long to be looked at.</summary>
    public void PassOver()
    {
        Lines++;
        NoteUnknown();
    }

    private void NoteUnknown()
    {
        Unknown++;
        FirstUnknown = FirstUnknown == 0 ? Lines : FirstUnknown;
    }

    private bool TakeText(string line, ICollection<TranscriptEntry> into)
    {
        if (MehshLine.TryDated(line, out var at, out var dated))
        {
            TakeDated(at, dated, into);
            return true;
        }

        if (MeshmonitorLine.TryEvent(line, out var second, out var address, out var text))
        {
            TakeEvent(_clock.At(second), address, text, into);
            return true;
        }

        if (MeshmonitorLine.IsHeader(line))
        {
            return true;
        }

        if (!MeshmonitorLine.TryRow(line, out var peer, out var receive, out var delta, out var send))
        {
            return false;
        }

        // A table without the line above it, as in a part of a file, is of no known time.
        if (_table is { } table && peer != _node)
        {
            into.Add(new TranscriptRow(_node, peer, _tableBefore, table) { Receive = receive, Delta = delta, Send = send });
        }

        return true;
    }

    private void TakeDated(WallTime at, string text, ICollection<TranscriptEntry> into)
    {
        if (MehshLine.TryServer(text, out var from, out var to, out var address, out var probes, out var isMaintenance))
        {
            OwnServer ??= from;
            _server = from;
            TakeAddress(to, address);
            if (from != to)
            {
                into.Add(new TranscriptRow(from, to, at - UsualInterval, at) { Probes = probes, IsMaintenance = isMaintenance });
            }
        }
        else if (MehshLine.TryDatacenter(text, out var home, out var datacenter, out var sums))
        {
            into.Add(new TranscriptSum(_server, at, home, datacenter, sums));
        }
    }

    private void TakeAddress(string name, string address)
    {
        if (address.Length == 0 || address == name)
        {
            return;
        }

        if (!_addresses.TryGetValue(address, out var known))
        {
            if (_addresses.Count < MostAddresses)
            {
                _addresses.Add(address, name);
            }
        }
        else if (known != name)
        {
            // Two servers of one address: neither is meant by it.
            _addresses[address] = address;
        }
    }

    private void TakeEvent(WallTime at, string address, string text, ICollection<TranscriptEntry> into)
    {
        if (address.Length == 0)
        {
            TakeOwn(at, text, into);
            return;
        }

        if (MeshmonitorLine.SecondsOfSilence(text) is { } seconds)
        {
            into.Add(new TranscriptEvent(_node, at, TranscriptEventKind.Silent, address) { Length = Milliseconds(seconds * 1_000) });
        }
        else if (MeshmonitorLine.TryGap(text, out var length, out var ownStall, out var since, out var hasEnded))
        {
            // What it printed may be of a moment before: the line says when the gap began.
            var end = _clock.Before(at, since) + Milliseconds(length);
            into.Add(new TranscriptEvent(_node, end > at ? at : end, hasEnded ? TranscriptEventKind.Gap : TranscriptEventKind.Silent, address)
            {
                Length = Milliseconds(length),
                OwnStall = Milliseconds(ownStall),
            });
        }
        else if (KindOf(text) is { } kind)
        {
            into.Add(new TranscriptEvent(_node, at, kind, address));
        }
    }

    private void TakeOwn(WallTime at, string text, ICollection<TranscriptEntry> into)
    {
        if (MeshmonitorLine.OwnAddress(text) is { } own)
        {
            OwnAddress ??= own;
            _table = null;
            into.Add(new TranscriptEvent(_node, at, TranscriptEventKind.Started, ""));
        }
        else if (text.StartsWith("Connected to ", StringComparison.Ordinal) && text.EndsWith(" servers", StringComparison.Ordinal))
        {
            var interval = _table is { } before && at > before ? Duration.Min(at - before, s_longestInterval) : Interval;
            CountInterval(interval);
            (_tableBefore, _table) = (at - interval, at);
            into.Add(new TranscriptEvent(_node, at, TranscriptEventKind.Reported, "") { Length = interval });
        }
    }

    private void CountInterval(Duration interval)
    {
        var seconds = (long)Math.Round(interval.Seconds);
        if (_table is not null && (_intervals.Count < 100 || _intervals.ContainsKey(seconds)))
        {
            _intervals[seconds] = _intervals.GetValueOrDefault(seconds) + 1;
        }
    }

    private static TranscriptEventKind? KindOf(string text) => text switch
    {
        "Connected" or "Received connection" => TranscriptEventKind.Joined,
        "Broken pipe" or "Connection reset" => TranscriptEventKind.Closed,
        "Connection timed out" or "Closing connection - silent for too long" => TranscriptEventKind.TimedOut,
        _ => null,
    };

    private static Duration Milliseconds(double value) => new((long)(value * 1e6));
}
