namespace Meshpulse.Core.Diagnosis.Live;

/// <summary>One row of the matrix: what packets from one node to each other suffered.</summary>
/// <param name="From">The node's place in the order of names.</param>
/// <param name="IsRoundTrip">Delays and losses are those of round trips.</param>
/// <param name="Cells">One for each node; the node's own has no data.</param>
public sealed record MatrixRow(int From, bool IsRoundTrip, CellTable Cells);
