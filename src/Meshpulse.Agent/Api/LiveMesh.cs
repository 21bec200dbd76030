using System.Security.Cryptography;
using System.Text;
using Meshpulse.Agent.Api.Json;
using Meshpulse.Agent.Fleet;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Diagnosis.Live;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Api;

/// <summary>
/// How the mesh is now, for whoever asks this node: keeps the slices' last seconds, and makes documents of them. Safe from any thread. A matrix is made
/// when somebody wants one, and not more often than it changes, however many want it.
/// </summary>
internal sealed class LiveMesh(LiveOptions options)
{
    private const int HashBytes = 16;

    // After the last look nobody looks any more.
    private static readonly Duration s_attention = Duration.FromSeconds(30);

    private static readonly Duration s_window = Duration.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Lock _making = new();
    private readonly LiveBook _book = new(options.Self);
    private readonly Dictionary<string, GatheredRow> _gathered = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _failures = new(StringComparer.Ordinal);
    private MatrixSnapshot? _matrix;
    private IReadOnlyList<string> _hashed = [];
    private string _hash = "";
    private long _lookedAt = long.MinValue;

    /// <summary>How this node is called.</summary>
    public string Self => options.Self;

    /// <summary>All nodes, in order.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_lock)
            {
                return _book.Names;
            }
        }
    }

    /// <summary>Somebody looks, or did a moment ago.</summary>
    public bool IsWatched => Interlocked.Read(ref _lookedAt) is var at && at > long.MinValue && options.Clock().Mono - new MonoTime(at) < s_attention;

    /// <summary>Every node's slices come here: no rows need be gathered but for their versions.</summary>
    public bool IsWhole
    {
        get
        {
            lock (_lock)
            {
                return _book.IsWhole;
            }
        }
    }

    /// <summary>How often all rows of so many nodes are gathered.</summary>
    public static TimeSpan RoundOf(int nodes) => TimeSpan.FromMilliseconds(Math.Max(1_000, nodes * 10));

    /// <summary>How often a matrix of so many nodes is made anew, of what has come until then.</summary>
    public static TimeSpan RenewalOf(int nodes) => TimeSpan.FromMilliseconds(nodes <= 100 ? 1_000 : Math.Max(2_000, nodes * 4));

    /// <summary>Takes a slice, our own or a peer's.</summary>
    public void Take(NodeSlice slice, MonoTime at)
    {
        lock (_lock)
        {
            _book.Take(slice, at);
        }
    }

    /// <summary>A peer was asked for its slices in vain.</summary>
    public void NoteUnreachable(string node, MonoTime at)
    {
        lock (_lock)
        {
            _book.NoteUnreachable(node, at);
        }
    }

    /// <summary>Takes a row that was gathered from a peer, or why there is none.</summary>
    public void Take(string node, GatheredRow? row, string? failure)
    {
        lock (_lock)
        {
            if (row is not null)
            {
                _gathered[node] = row;
                _ = _failures.Remove(node);
            }
            else if (failure is not null)
            {
                _failures[node] = failure;
            }
        }
    }

    /// <summary>Says that somebody looks.</summary>
    public void Look() => Interlocked.Exchange(ref _lookedAt, options.Clock().Mono.Nanoseconds);

    /// <summary>The names and their hash, for who gathers rows.</summary>
    public (IReadOnlyList<string> Names, string Hash) Hashed()
    {
        lock (_lock)
        {
            if (!ReferenceEquals(_hashed, _book.Names))
            {
                (_hashed, _hash) = (_book.Names, HashOf(_book.Names));
            }

            return (_hashed, _hash);
        }
    }

    /// <summary>Who there is and how each is.</summary>
    public NodesDocument Nodes()
    {
        var now = options.Clock();
        var verdicts = options.Verdicts().Where(v => v.Until is null).ToList();
        lock (_lock)
        {
            var settings = new NodeSettings(options.PingInterval.Milliseconds, 250, s_window.Milliseconds, RenewalOf(_book.Names.Count).TotalMilliseconds);
            return new NodesDocument(1, Self, now.Wall, Self, options.HasHistory(), settings, [.. _book.Names.Select(n => EntryOf(n, now.Mono, verdicts))]);
        }
    }

    /// <summary>The matrix; one that was made a moment ago does.</summary>
    public MatrixSnapshot Matrix()
    {
        Look();
        // One at a time: who waits gets what the other has made.
        lock (_making)
        {
            var now = options.Clock();
            var patience = Duration.FromMilliseconds((long)RenewalOf(Names.Count).TotalMilliseconds / 2);
            if (_matrix is not { } kept || now.Mono - kept.At > patience)
            {
                _matrix = MakeMatrix(now, _matrix);
            }

            return _matrix;
        }
    }

    /// <summary>Our own word on all others, in bytes; the names only where who asks does not have them.</summary>
    /// <param name="hash">Of the names that who asks has; null for none.</param>
    public RowDocument Row(string? hash)
    {
        var now = options.Clock();
        var (names, own) = Hashed();
        lock (_lock)
        {
            var codes = _book.Row(Self, now.Mono)?.By(names) ?? new RowCodes(Self, names, false, new CellTable(names.Count), new CellTable(names.Count));
            var condition = _book.Condition(Self, now.Mono);
            return new RowDocument(1, Self, now.Wall, own, condition.IsInMaintenance, KindOf(codes.IsRoundTrip), RowCells.Of(codes.Forward), RowCells.Of(codes.Backward))
            {
                Names = hash == own ? null : names,
                Datacenter = condition.Datacenter,
                Program = options.Program,
                Cpu = condition.Cpu,
                StalledMs10s = condition.Stalled?.Milliseconds,
                ReceiveDrops10s = condition.ReceiveDrops,
            };
        }
    }

    /// <summary>Our own word on all paths, in figures.</summary>
    public PathsDocument Paths()
    {
        var now = options.Clock();
        lock (_lock)
        {
            var entries = new List<PathEntry>();
            foreach (var name in _book.Names)
            {
                if (name != Self && _book.Pair(Self, name, now.Mono) is { } figures)
                {
                    entries.Add(PathEntries.Of(figures, _book.Own));
                }
            }

            return new PathsDocument(1, Self, now.Wall, entries);
        }
    }

    /// <summary>Our own word on all others at a moment in the past.</summary>
    public RowDocument PastRow(RowCodes codes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        return new RowDocument(1, Self, options.Clock().Wall, HashOf(codes.Names), false, KindOf(codes.IsRoundTrip), RowCells.Of(codes.Forward), RowCells.Of(codes.Backward))
        {
            Names = codes.Names,
        };
    }

    private static string HashOf(IReadOnlyList<string> names)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in names)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData("\n"u8);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, HashBytes));
    }

    private static string KindOf(bool isRoundTrip) => isRoundTrip ? MatrixRowEntry.RoundTrip : MatrixRowEntry.OneWay;

    private static string TextOf(NodeStatus status) => status switch
    {
        NodeStatus.Up => "up",
        NodeStatus.Silent => "silent",
        NodeStatus.Left => "left",
        NodeStatus.Unreachable => "unreachable",
        _ => "unknown",
    };

    private NodeEntry EntryOf(string name, MonoTime now, List<Verdict> verdicts)
    {
        var condition = _book.Condition(name, now);
        var facts = options.Facts(name);
        var told = FreshGathered(name, now)?.Told;
        var offset = condition.Offset;
        return new NodeEntry(
            name,
            TextOf(condition.Status),
            condition.IsInMaintenance || told?.IsMaintenance == true,
            facts?.Groups ?? [],
            [.. verdicts.Where(v => v.Where.Names(name)).Select(v => v.Id)])
        {
            Label = facts?.Label,
            Datacenter = DatacenterOf(name, condition),
            HeardMs = condition.Heard?.Milliseconds,
            Version = name == Self ? options.Program : _gathered.GetValueOrDefault(name)?.Told.Program,
            Cpu = condition.Cpu ?? told?.Cpu,
            StalledMs10s = condition.Stalled?.Milliseconds ?? told?.StalledMs10s,
            ReceiveDrops10s = condition.ReceiveDrops ?? told?.ReceiveDrops10s,
            ClockOffsetUs = offset is { IsKnown: true, Middle: { } middle } ? middle.Nanoseconds / 1e3 : null,
            ClockBoundUs = offset.IsKnown ? offset.Width.Nanoseconds / 2e3 : null,
        };
    }

    private string? DatacenterOf(string name, NodeCondition condition) =>
        condition.Datacenter ?? _gathered.GetValueOrDefault(name)?.Told.Datacenter ?? options.Facts(name)?.Datacenter;

    /// <summary>What was gathered is good for three periods: one that is lost, and some patience.</summary>
    private GatheredRow? FreshGathered(string name, MonoTime now) =>
        _gathered.TryGetValue(name, out var row) && now - row.At < Duration.FromMilliseconds((long)RoundOf(_book.Names.Count).TotalMilliseconds * 3) ? row : null;

    private MatrixSnapshot MakeMatrix(ClockPairing now, MatrixSnapshot? before)
    {
        lock (_lock)
        {
            var names = _book.Names;
            var conditions = names.Select(n => _book.Condition(n, now.Mono)).ToList();
            var datacenters = conditions.Select(c => DatacenterOf(c.Node, c)).ToList();
            var (told, ages) = Told(names, now.Mono);
            var rows = MatrixFold.Rows(names, told);
            foreach (var verdict in options.Verdicts().Where(v => v.Until is null))
            {
                MatrixFold.MarkVerdict(rows, verdict.Where, names, datacenters);
            }

            MatrixFold.MarkMaintenance(rows, i => conditions[i].IsInMaintenance || FreshGathered(names[i], now.Mono)?.Told.IsMaintenance == true);
            var document = new MatrixDocument(
                1,
                Self,
                now.Wall,
                now.Wall,
                names,
                datacenters,
                [.. names.Select(n => options.Facts(n)?.Groups ?? [])],
                [.. conditions.Select(c => TextOf(c.Status))],
                ages,
                [.. names.Where(n => !told.ContainsKey(n)).Select(n => new MissingEntry(n, WhyMissing(n, now.Mono)))],
                [.. rows.Select(MatrixRowEntry.Of)]);
            return SnapshotOf(document, rows, now.Mono, before);
        }
    }

    private static MatrixSnapshot SnapshotOf(MatrixDocument document, IReadOnlyList<MatrixRow> rows, MonoTime now, MatrixSnapshot? before)
    {
        var sequence = (before?.Sequence ?? 0) + 1;
        var isSameOrder = before is not null && ReferenceEquals(before.Document.Nodes, document.Nodes);
        var entries = new MatrixRowEntry?[document.Nodes.Count];
        for (var i = 0; i < rows.Count; i++)
        {
            entries[rows[i].From] = document.Rows[i];
        }

        var since = new long[entries.Length];
        for (var i = 0; i < since.Length; i++)
        {
            since[i] = isSameOrder && IsSame(before!.Rows[i], entries[i]) ? before.RowsSince[i] : sequence;
        }

        return new MatrixSnapshot(sequence, now, document, isSameOrder ? before!.NamesSince : sequence, since, entries);
    }

    private static bool IsSame(MatrixRowEntry? one, MatrixRowEntry? other) => (one, other) switch
    {
        (null, null) => true,
        ({ } a, { } b) => a.Kind == b.Kind && a.Loss.AsSpan().SequenceEqual(b.Loss) && a.P50.AsSpan().SequenceEqual(b.P50) && a.P99.AsSpan().SequenceEqual(b.P99)
            && a.Ratio.AsSpan().SequenceEqual(b.Ratio) && a.State.AsSpan().SequenceEqual(b.State),
        _ => false,
    };

    /// <summary>What each node told, by slices or by its row, and how old that is.</summary>
    private (Dictionary<string, RowCodes> Told, IReadOnlyList<double?> Ages) Told(IReadOnlyList<string> names, MonoTime now)
    {
        var told = new Dictionary<string, RowCodes>(names.Count, StringComparer.Ordinal);
        var ages = new double?[names.Count];
        for (var i = 0; i < ages.Length; i++)
        {
            var name = names[i];
            if ((name == Self || _book.IsWhole) && _book.Row(name, now) is { } row)
            {
                told.Add(name, row);
                ages[i] = _book.AgeOf(name, now)?.Milliseconds;
            }
            else if (FreshGathered(name, now) is { } gathered)
            {
                told.Add(name, gathered.Codes);
                ages[i] = (now - gathered.At).Milliseconds;
            }
            else
            {
                ages[i] = (_book.AgeOf(name, now) ?? (_gathered.TryGetValue(name, out var old) ? now - old.At : null))?.Milliseconds;
            }
        }

        return (told, ages);
    }

    private string WhyMissing(string name, MonoTime now)
    {
        var status = _book.Condition(name, now).Status;
        var age = _book.AgeOf(name, now) is { } told ? $"; its last word is {told.Seconds:0} s old" : "";
        return (status, options.Asked(name)) switch
        {
            (NodeStatus.Left, _) => "it said that it leaves" + age,
            (NodeStatus.Unreachable, _) => "it does not answer" + age,
            (NodeStatus.Silent, _) => "nothing is heard of it" + age,
            (_, AskOutcome.Absent) => "it tells nothing: an original, an older node, or one with --no-share or another port",
            (_, AskOutcome.Refused) => "it refuses us: another key or token, or too much to do" + age,
            (_, AskOutcome.Wrong) => "what it tells can't be believed" + age,
            _ when _failures.TryGetValue(name, out var failure) => failure + age,
            _ => "it has not told anything yet" + age,
        };
    }
}
