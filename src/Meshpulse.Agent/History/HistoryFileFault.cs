namespace Meshpulse.Agent.History;

/// <summary>Why a file can't be used as a store.</summary>
public enum HistoryFileFault
{
    /// <summary>It is not there.</summary>
    Missing,

    /// <summary>It can't be opened, read or written: rights, a disk that fails.</summary>
    Unusable,

    /// <summary>It is a database, but not a store.</summary>
    Foreign,

    /// <summary>A newer program wrote it.</summary>
    Newer,

    /// <summary>What is in it contradicts itself.</summary>
    Damaged,

    /// <summary>Another agent writes it.</summary>
    Taken,

    /// <summary>SQLite is not installed.</summary>
    NoLibrary,
}
