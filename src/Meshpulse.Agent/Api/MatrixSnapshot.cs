using Meshpulse.Agent.Api.Json;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Api;

/// <summary>The matrix of one moment, and since which moment each row is as it is. Immutable.</summary>
/// <param name="Sequence">Counts the moments.</param>
/// <param name="At">When.</param>
/// <param name="Document">All of it.</param>
/// <param name="NamesSince">Since which moment the names are these.</param>
/// <param name="RowsSince">Since which moment each node's row is this; by the order of nodes.</param>
/// <param name="Rows">Each node's row; null for none.</param>
internal sealed record MatrixSnapshot(
    long Sequence,
    MonoTime At,
    MatrixDocument Document,
    long NamesSince,
    IReadOnlyList<long> RowsSince,
    IReadOnlyList<MatrixRowEntry?> Rows)
{
    /// <summary>What changed after a moment.</summary>
    /// <param name="sequence">The moment.</param>
    /// <param name="blank">A row of no data, for one that is gone.</param>
    public MatrixChange Since(long sequence, Func<int, MatrixRowEntry> blank)
    {
        var isAll = NamesSince > sequence;
        var rows = new List<MatrixRowEntry>();
        for (var i = 0; i < Rows.Count; i++)
        {
            if ((isAll && Rows[i] is not null) || (!isAll && RowsSince[i] > sequence))
            {
                rows.Add(Rows[i] ?? blank(i));
            }
        }

        return new MatrixChange(Document.At, Document.AgesMs, Document.States, Document.Missing, rows) { Nodes = isAll ? Document.Nodes : null };
    }
}
