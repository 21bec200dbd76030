using Meshpulse.Agent.Api.Json;
using Meshpulse.Core.Diagnosis.Live;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Api;

/// <summary>From what was seen of a pair to what is told of it.</summary>
internal static class PathEntries
{
    /// <summary>The entry of a pair.</summary>
    /// <param name="seen">What was seen within two seconds.</param>
    /// <param name="slices">The observer's slices of that time, for the flows.</param>
    public static PathEntry Of(PairFigures seen, IReadOnlyCollection<NodeSlice> slices)
    {
        var counts = seen.Counts;
        long? sent = seen.HasPath ? counts.Sent : null;
        return new PathEntry(
            seen.Subject,
            seen.IsConnected,
            seen.Silence.Milliseconds,
            EntryOf(seen.Forward, sent, counts.LostForward),
            EntryOf(seen.Backward, sent, counts.LostBackward),
            EntryOf(seen.RoundTrip, sent, counts.Lost),
            FlowsOf(seen.Subject, slices))
        {
            BoundUs = seen.Bound?.Nanoseconds / 1e3,
            Unsent = seen.HasPath ? counts.Unsent : null,
            ReceiveDrops = seen.HasPath ? counts.ReceiveDrops : null,
            ReplySilenceMs = seen.HasPath ? seen.PathSilence.Milliseconds : null,
        };
    }

    private static DirectionEntry EntryOf(in DirectionFigures delays, long? sent, long lost)
    {
        // Within a short time more can be taken back than was lost.
        lost = Math.Max(0, lost);
        return new DirectionEntry
        {
            Loss = sent > 0 ? Math.Min(1, (double)lost / sent.Value) : null,
            Lost = sent is null ? null : lost,
            Sent = sent,
            P50Us = Us(delays, delays.P50),
            P99Us = Us(delays, delays.P99),
            MaxUs = Us(delays, delays.Max),
            BaselineUs = delays.Baseline?.Nanoseconds / 1e3,
        };
    }

    private static double? Us(in DirectionFigures delays, Duration value) => delays.Count > 0 ? value.Nanoseconds / 1e3 : null;

    /// <summary>The flows of a path, over some slices.</summary>
    public static List<FlowEntry> FlowsOf(string subject, IReadOnlyCollection<NodeSlice> slices)
    {
        var flows = new SortedDictionary<int, FlowSlice>();
        foreach (var flow in slices.Select(s => s.Peers.FirstOrDefault(p => p.Peer == subject)?.Path).OfType<PathSlice>().SelectMany(p => p.Flows))
        {
            var sum = flows.GetValueOrDefault(flow.SourcePort);
            flows[flow.SourcePort] = new FlowSlice(
                flow.SourcePort,
                sum.Sent + flow.Sent,
                sum.Answered + flow.Answered,
                sum.LostForward + flow.LostForward,
                sum.LostBackward + flow.LostBackward,
                sum.LostUnknown + flow.LostUnknown)
            {
                IsLarge = flow.IsLarge,
            };
        }

        return
        [
            .. flows.Values.Select(f => new FlowEntry(
                f.SourcePort, f.Sent, f.Answered, Math.Max(0, f.LostForward), Math.Max(0, f.LostBackward), Math.Max(0, f.LostUnknown))
            {
                Large = f.IsLarge,
            }),
        ];
    }
}
