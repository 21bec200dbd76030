using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Live;

/// <summary>
/// From what the two ends saw to what packets of one direction suffered.
/// <para>
/// The problem is silence. Where a path is cut one way, no reply comes either way round: the sender whose packets arrive and whose replies are lost
/// sees the same as the one whose packets are lost. The obvious way, an end's own losses, makes two bad cells of one fault. What we do: each end says
/// what it knows of both directions (<see cref="Forward"/>, <see cref="Backward"/>), and what reached the receiver speaks against the sender's
/// silence (<see cref="Combine"/>).
/// </para>
/// </summary>
public static class CellFold
{
    private static readonly Duration s_pathSilence = Duration.FromMilliseconds(500);
    private static readonly Duration s_silence = Duration.FromSeconds(1);

    /// <summary>How packets from the observer to the subject fare, by the observer alone.</summary>
    /// <param name="seen">What it saw.</param>
    /// <param name="roundTrip">Tell the round trip's delays and all losses, where no direction can be told.</param>
    public static MatrixCell Forward(PairFigures seen, bool roundTrip = false)
    {
        ArgumentNullException.ThrowIfNull(seen);
        if (!HasProbed(seen))
        {
            return MatrixCell.Unknown with { State = IsHeard(seen) ? CellState.Fine : CellState.Silent };
        }

        if (seen.PathSilence >= s_pathSilence)
        {
            return Cut;
        }

        var lost = Math.Max(0, seen.Counts.LostForward) + (roundTrip ? Others(seen.Counts) : 0);
        return CellOf(lost, seen.Counts.Sent, roundTrip ? seen.RoundTrip : seen.Forward);
    }

    /// <summary>How packets from the subject to the observer fare, by the observer alone.</summary>
    public static MatrixCell Backward(PairFigures seen)
    {
        ArgumentNullException.ThrowIfNull(seen);
        var isAnswered = HasProbed(seen) && seen.PathSilence < s_pathSilence;
        if (isAnswered)
        {
            return CellOf(Math.Max(0, seen.Counts.LostBackward), seen.Counts.Sent, seen.Backward);
        }

        if (seen.Requests > 0 || IsHeard(seen))
        {
            return MatrixCell.Unknown with { State = CellState.Fine };
        }

        return HasProbed(seen) ? Cut : MatrixCell.Unknown with { State = CellState.Silent };
    }

    /// <summary>Both ends' word on one direction: the sender's, but for what it can't know.</summary>
    /// <param name="sender">What <see cref="Forward"/> said at the sender; <see cref="MatrixCell.Unknown"/> where it told nothing.</param>
    /// <param name="receiver">What <see cref="Backward"/> said at the receiver; the same.</param>
    public static MatrixCell Combine(MatrixCell sender, MatrixCell receiver) => (sender.State, receiver.State) switch
    {
        (CellState.NoData, _) => receiver,
        (_, CellState.NoData) => sender,
        // It arrives there: what is lost are the replies.
        (CellState.Silent, CellState.Fine) => receiver,
        (CellState.Fine, CellState.Fine) when sender.Loss == CellCodes.NoData => receiver,
        _ => sender,
    };

    private static MatrixCell Cut => MatrixCell.Unknown with { Loss = CellCodes.OfLoss(1), State = CellState.Silent };

    private static long Others(in PathCounts counts) => Math.Max(0, counts.LostBackward) + Math.Max(0, counts.LostUnknown);

    private static bool HasProbed(PairFigures seen) => seen is { HasPath: true, Counts.Sent: > 0 };

    private static bool IsHeard(PairFigures seen) => seen.IsConnected && seen.Silence < s_silence;

    private static MatrixCell CellOf(long lost, long sent, in DirectionFigures delays) => new(
        CellCodes.OfLoss((double)lost / sent),
        delays.Count > 0 ? CellCodes.OfDelay(delays.P50.Nanoseconds / 1e3) : CellCodes.NoData,
        delays.Count > 0 ? CellCodes.OfDelay(delays.P99.Nanoseconds / 1e3) : CellCodes.NoData,
        CellCodes.OfRatio(delays.Ratio),
        CellState.Fine);
}
