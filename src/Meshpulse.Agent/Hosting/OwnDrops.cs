namespace Meshpulse.Agent.Hosting;

/// <summary>Tells the operator of answers that this host's own receive queues dropped, so that nobody takes them for the network's loss.</summary>
/// <param name="count">How many there were so far; never falls.</param>
internal sealed class OwnDrops(Func<long> count)
{
    private long _told;

    /// <summary>The line about those since the last one; null where there were none.</summary>
    public string? Next()
    {
        var drops = count();
        if (drops <= _told)
        {
            return null;
        }

        var more = drops - _told;
        _told = drops;
        return $"{more} answers were dropped in this host's own receive queue: as much of the loss is ours, not the network's";
    }
}
