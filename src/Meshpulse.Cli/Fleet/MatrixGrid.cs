using Meshpulse.Agent.Api.Json;
using Meshpulse.Core.Diagnosis.Live;

namespace Meshpulse.Cli.Fleet;

/// <summary>
/// A node's matrix, unpacked: who there is, and what packets from each to each suffered. The document comes from outside: rows that do not fit its list of
/// nodes are as if they were missing.
/// </summary>
public sealed class MatrixGrid
{
    private readonly MatrixRowEntry?[] _rows;

    /// <summary>Unpacks a document.</summary>
    public MatrixGrid(MatrixDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        Document = document;
        _rows = new MatrixRowEntry?[Count];
        foreach (var row in document.Rows)
        {
            if (row.From >= 0 && row.From < Count && row.Loss.Length == Count && row.P50.Length == Count && row.P99.Length == Count
                && row.Ratio.Length == Count && row.State.Length == Count)
            {
                _rows[row.From] = row;
            }
        }
    }

    /// <summary>What the node answered.</summary>
    public MatrixDocument Document { get; }

    /// <summary>How many nodes there are.</summary>
    public int Count => Document.Nodes.Count;

    /// <summary>The nodes' names.</summary>
    public IReadOnlyList<string> Names => Document.Nodes;

    /// <summary>How a node is: <c>up</c>, <c>silent</c> and so on; <c>unknown</c> where nobody says.</summary>
    public string StateOf(int node) => node < Document.States.Count ? Document.States[node] : "unknown";

    /// <summary>Its datacenter; null for none.</summary>
    public string? DatacenterOf(int node) => node < Document.Datacenters.Count ? Document.Datacenters[node] : null;

    /// <summary>What packets of one direction suffered.</summary>
    public GridCell Cell(int from, int to) => from == to || _rows[from] is not { } row
        ? GridCell.Unknown
        : new GridCell(
            Enum.IsDefined((CellState)row.State[to]) ? (CellState)row.State[to] : CellState.NoData,
            CellCodes.Loss(row.Loss[to]),
            CellCodes.Delay(row.P50[to]),
            CellCodes.Delay(row.P99[to]),
            CellCodes.Ratio(row.Ratio[to]),
            row.Kind != MatrixRowEntry.OneWay);
}
