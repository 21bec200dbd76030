namespace Meshpulse.Lab.Reports;

/// <summary>A peer's row in a table, in milliseconds: maximum, mean, 99, 99.9 and 99.99; null where the cell shows <c>-</c>.</summary>
internal sealed record ReportRow(string Address, IReadOnlyList<double?> Receive, IReadOnlyList<double?> Delta, IReadOnlyList<double?> Send);
