namespace Meshpulse.Lab.Reports;

/// <summary>A table: <c>Connected to N servers</c> and N rows.</summary>
internal sealed record Report(IReadOnlyList<ReportRow> Rows)
{
    /// <summary>The row of a peer; null where the table has none.</summary>
    public ReportRow? Of(string address) => Rows.FirstOrDefault(row => row.Address == address);
}
