namespace Meshpulse.Core.Probing;

/// <summary>How the moment of a heartbeat's arrival is known.</summary>
public enum ArrivalQuality
{
    /// <summary>Alone in its read: the stamp is its own.</summary>
    Stamped,

    /// <summary>
    /// Several heartbeats in one read by a reader that was on time: they travelled together (the sender or the path bunched
    /// them), and one stamp holds for all.
    /// </summary>
    Bunched,

    /// <summary>
    /// Several heartbeats in one read by a reader that was late: the kernel keeps only the last one's stamp. The others were
    /// placed by the distances of the sender's stamps, within the time in which they must have come.
    /// </summary>
    Reconstructed,
}
