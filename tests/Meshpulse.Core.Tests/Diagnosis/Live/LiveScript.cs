using Meshpulse.Core.Diagnosis.Live;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Diagnosis.Live;

/// <summary>A small mesh whose nodes tell a book what they see, a quarter second at a time. What a test wants to be wrong it says for each direction.</summary>
internal sealed class LiveScript
{
    private readonly string[] _nodes;
    private long _number;

    public LiveScript(params string[] nodes)
    {
        _nodes = nodes;
        Book = new LiveBook(nodes[0]);
    }

    public LiveBook Book { get; }

    public MonoTime Now { get; private set; } = new(1_000_000_000_000);

    /// <summary>Of ten packets there, how many are lost; 10 for a cut.</summary>
    public Func<string, string, int> Lost { get; set; } = static (_, _) => 0;

    /// <summary>Delays there.</summary>
    public Func<string, string, Duration> Delay { get; set; } = static (_, _) => Duration.FromMicroseconds(500);

    /// <summary>Who tells nothing.</summary>
    public HashSet<string> Silent { get; } = [];

    /// <summary>Nobody's clocks can be compared.</summary>
    public bool HasNoOffsets { get; set; }

    public IReadOnlyList<MatrixRow> Matrix() => MatrixFold.Rows(
        Book.Names,
        _nodes.Select(n => Book.Row(n, Now)).OfType<RowCodes>().ToDictionary(r => r.Node, StringComparer.Ordinal));

    public MatrixCell Cell(string from, string to)
    {
        var (i, j) = (Index(from), Index(to));
        return Matrix().FirstOrDefault(r => r.From == i)?.Cells[j] ?? MatrixCell.Unknown;
    }

    public int Index(string node) => Book.Names.ToList().IndexOf(node);

    public void Run(int slices)
    {
        for (var i = 0; i < slices; i++)
        {
            Now += Duration.FromMilliseconds(250);
            _number++;
            foreach (var node in _nodes.Where(n => !Silent.Contains(n)))
            {
                Book.Take(Slice(node), Now);
            }
        }
    }

    private NodeSlice Slice(string node) => new(node, 1, _number)
    {
        From = Now - Duration.FromMilliseconds(250),
        At = new ClockPairing(Now, new WallTime(Now.Nanoseconds)),
        Peers = [.. _nodes.Where(n => n != node).Select(n => Peer(node, n))],
    };

    private PeerSlice Peer(string node, string peer)
    {
        var isGone = Silent.Contains(peer);
        var (there, back) = (Lost(node, peer), Lost(peer, node));
        var isAnswered = !isGone && there < 10 && back < 10;
        var silence = isAnswered ? Duration.Zero : Duration.FromSeconds(2);
        return new PeerSlice(peer)
        {
            IsConnected = !isGone,
            Silence = isGone || back == 10 ? Duration.FromSeconds(2) : Duration.Zero,
            Requests = isGone || back == 10 ? [] : [new FlowRequests(40_001, 10 - back)],
            Path = new PathSlice
            {
                Silence = silence,
                Counts = new PathCounts(10, 0, isAnswered ? 10 - there - back : 0, 0, isAnswered ? there : 0, isAnswered ? back : 0, isAnswered ? 0 : 10, 0, 0, 0, 0, 0),
                Forward = isAnswered && !HasNoOffsets ? Of(Delay(node, peer)) : null,
                Backward = isAnswered && !HasNoOffsets ? Of(Delay(peer, node)) : null,
                RoundTrip = isAnswered ? Of(Delay(node, peer) + Delay(peer, node)) : null,
            },
        };
    }

    private static DelaySlice Of(Duration delay) => new(10, delay, delay, delay * 2, delay * 3);
}
