namespace Meshpulse.Agent.History;

/// <summary>How the writing goes.</summary>
public enum HistoryState
{
    /// <summary>Nothing was written yet.</summary>
    Starting,

    /// <summary>Everything is written.</summary>
    Writing,

    /// <summary>There is no room.</summary>
    Full,

    /// <summary>It can't be written, and that is tried again.</summary>
    Failing,

    /// <summary>It can't be written, and that will not change: no library, somebody else's file.</summary>
    Off,
}
