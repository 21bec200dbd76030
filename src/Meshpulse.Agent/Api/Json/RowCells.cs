using Meshpulse.Core.Diagnosis.Live;

namespace Meshpulse.Agent.Api.Json;

/// <summary>Cells of one direction, figure by figure; a byte for each node in base64.</summary>
/// <param name="Loss">Which share was lost.</param>
/// <param name="P50">The middle delay.</param>
/// <param name="P99">The delay that one of a hundred exceeded.</param>
/// <param name="Ratio">The middle delay against the usual one.</param>
/// <param name="State">How it is.</param>
public sealed record RowCells(byte[] Loss, byte[] P50, byte[] P99, byte[] Ratio, byte[] State)
{
    /// <summary>The entry of a table.</summary>
    public static RowCells Of(CellTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new RowCells(table.Loss, table.P50, table.P99, table.Ratio, table.State);
    }

    /// <summary>The table; null where it is not one of so many cells.</summary>
    public CellTable? ToTable(int count) =>
        Loss?.Length == count && P50?.Length == count && P99?.Length == count && Ratio?.Length == count && State?.Length == count
            ? new CellTable(Loss, P50, P99, Ratio, State)
            : null;
}
