namespace Meshpulse.Core.Diagnosis.Live;

/// <summary>How one direction of a pair is. The values are those of the matrix's bytes.</summary>
public enum CellState : byte
{
    /// <summary>Packets arrive; how many and how fast is told beside it.</summary>
    Fine = 0,

    /// <summary>Nothing arrives.</summary>
    Silent = 1,

    /// <summary>Nobody has told of it lately.</summary>
    NoData = 2,

    /// <summary>One of the two is in maintenance.</summary>
    Maintenance = 3,

    /// <summary>A verdict in force concerns it.</summary>
    Verdict = 4,
}
