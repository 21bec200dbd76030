namespace Meshpulse.Core.Diagnosis.Live;

/// <summary>One direction of a pair in bytes (<see cref="CellCodes"/>).</summary>
/// <param name="Loss">Which share was lost.</param>
/// <param name="P50">The middle delay.</param>
/// <param name="P99">The delay that one packet of a hundred exceeded.</param>
/// <param name="Ratio">The middle delay against the usual one.</param>
/// <param name="State">How it is.</param>
public readonly record struct MatrixCell(byte Loss, byte P50, byte P99, byte Ratio, CellState State)
{
    /// <summary>Nothing is known.</summary>
    public static MatrixCell Unknown => new(CellCodes.NoData, CellCodes.NoData, CellCodes.NoData, CellCodes.NoData, CellState.NoData);
}
