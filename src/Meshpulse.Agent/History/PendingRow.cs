namespace Meshpulse.Agent.History;

/// <summary>A row that is being put together, or was just written and may still grow.</summary>
internal sealed class PendingRow(HistoryTable table, SeriesName name, long second, HistoryRow row)
{
    public HistoryTable Table => table;

    public SeriesName Name => name;

    /// <summary>When its window begins, in seconds since 1970.</summary>
    public long Second => second;

    public HistoryRow Row { get; set; } = row;

    /// <summary>The file may have a row of this window that is not in this one.</summary>
    public bool MayExist { get; set; }

    /// <summary>It differs from what the file has.</summary>
    public bool IsDirty { get; set; } = true;

    /// <summary>What its row takes in the file; 0 for none.</summary>
    public int StoredSize { get; set; }
}
