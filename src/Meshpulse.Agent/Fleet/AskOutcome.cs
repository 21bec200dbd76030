namespace Meshpulse.Agent.Fleet;

/// <summary>What became of asking a peer.</summary>
internal enum AskOutcome
{
    /// <summary>It told its slices, or that there are none.</summary>
    Answered,

    /// <summary>It did not answer in time, or refused the connection.</summary>
    Unreachable,

    /// <summary>The connection broke, which may be for want of room there: it is asked again at once, and is unreachable if that fails too.</summary>
    Broken,

    /// <summary>It has no such page: an original, an older node, or one that does not share.</summary>
    Absent,

    /// <summary>It refused us, or has too much to do.</summary>
    Refused,

    /// <summary>What it answered is not to be believed: not of the form, of another node, or not signed.</summary>
    Wrong,
}
