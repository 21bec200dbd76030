using Meshpulse.Core.Diagnosis.Live;

namespace Meshpulse.Cli.Fleet;

/// <summary>One direction of a pair, in figures. What is not known is null.</summary>
/// <param name="State">How it is.</param>
/// <param name="Loss">Which share was lost, 0 to 1.</param>
/// <param name="P50">The middle delay, in us.</param>
/// <param name="P99">The delay that one packet of a hundred exceeded, in us.</param>
/// <param name="Ratio">The middle delay against the usual one.</param>
/// <param name="IsRoundTrip">The figures are those of both ways together.</param>
public readonly record struct GridCell(CellState State, double? Loss, double? P50, double? P99, double? Ratio, bool IsRoundTrip)
{
    /// <summary>Nothing is known.</summary>
    public static GridCell Unknown => new(CellState.NoData, null, null, null, null, false);

    /// <summary>One of the figures.</summary>
    public double? Of(MatrixFigure figure) => figure switch
    {
        MatrixFigure.Loss => Loss,
        MatrixFigure.P50 => P50,
        MatrixFigure.P99 => P99,
        _ => Ratio,
    };
}
