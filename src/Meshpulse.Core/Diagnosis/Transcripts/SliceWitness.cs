using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Transcripts;

/// <summary>
/// Tells what the slices of a node say in the words of console output, a row per peer and second, so that a node with a log of lines of JSON can bear witness among nodes
/// that have only printed.
/// </summary>
internal sealed class SliceWitness
{
    private static readonly Duration s_interval = Duration.FromSeconds(1);

    private readonly Dictionary<string, (double Late, long Sent, long Answered)> _peers = new(StringComparer.Ordinal);
    private WallTime? _from;
    private Duration _wakeLateness;

    /// <summary>Takes a slice in; gives rows where a second is full.</summary>
    /// <param name="slice">What the node saw.</param>
    /// <param name="at">When it ended.</param>
    public IEnumerable<TranscriptRow> Take(NodeSlice slice, WallTime at)
    {
        var from = _from ??= at - slice.Length;
        _wakeLateness = Duration.Max(_wakeLateness, slice.WakeLateness);
        foreach (var peer in slice.Peers)
        {
            var (late, sent, answered) = _peers.GetValueOrDefault(peer.Peer);
            var longest = Math.Max(peer.Silence.Milliseconds, peer.Gaps.Count == 0 ? 0 : peer.Gaps.Max(g => g.Length.Milliseconds));
            // Losses are decided late and can be taken back: what has been decided is what was answered or lost.
            var (lost, got) = peer.Path is { Counts: var counts } ? (counts.Lost, counts.Answered) : (0, 0);
            _peers[peer.Peer] = (Math.Max(late, longest), sent + lost + got, answered + got);
        }

        return at - from < s_interval ? [] : Cut(slice.Node, from, at);
    }

    private List<TranscriptRow> Cut(string node, WallTime from, WallTime at)
    {
        var rows = new List<TranscriptRow>();
        foreach (var (peer, (late, sent, answered)) in _peers)
        {
            rows.Add(new TranscriptRow(node, peer, from, at)
            {
                Receive = new TranscriptFigures(Math.Max(late, 0.1), null, null, null, null),
                Send = new TranscriptFigures(_wakeLateness.Milliseconds, null, null, null, null),
                Probes = sent > 0 ? new TranscriptProbes(sent, Math.Clamp(answered, 0, sent), null, null, null, null) : null,
                IsWitness = true,
            });
        }

        _peers.Clear();
        (_from, _wakeLateness) = (at, Duration.Zero);
        return rows;
    }
}
