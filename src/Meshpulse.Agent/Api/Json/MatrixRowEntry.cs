using Meshpulse.Core.Diagnosis.Live;

namespace Meshpulse.Agent.Api.Json;

/// <summary>One row of the matrix, figure by figure; a byte for each node in base64 (<see cref="CellCodes"/>).</summary>
/// <param name="From">The number of the node from which packets went.</param>
/// <param name="Kind"><c>one_way</c>, or <c>round_trip</c> where delays and losses are those of both ways together.</param>
/// <param name="Loss">Which share was lost.</param>
/// <param name="P50">The middle delay.</param>
/// <param name="P99">The delay that one of a hundred exceeded.</param>
/// <param name="Ratio">The middle delay against the usual one.</param>
/// <param name="State">How it is: a <see cref="CellState"/>.</param>
public sealed record MatrixRowEntry(int From, string Kind, byte[] Loss, byte[] P50, byte[] P99, byte[] Ratio, byte[] State)
{
    /// <summary>Of one way.</summary>
    public const string OneWay = "one_way";

    /// <summary>Of both ways together.</summary>
    public const string RoundTrip = "round_trip";

    /// <summary>The entry of a row.</summary>
    public static MatrixRowEntry Of(MatrixRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var cells = row.Cells;
        return new MatrixRowEntry(row.From, row.IsRoundTrip ? RoundTrip : OneWay, cells.Loss, cells.P50, cells.P99, cells.Ratio, cells.State);
    }
}
