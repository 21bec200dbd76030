namespace Meshpulse.Lab.Reports;

/// <summary>A report of <c>meshpulse check</c>: the lines that were written at once.</summary>
internal sealed record CheckWindow(DateTime At, IReadOnlyList<CheckRow> Rows)
{
    /// <summary>The pairs of servers in their order.</summary>
    public IEnumerable<CheckRow> Servers => Rows.Where(row => row.IsServer);

    /// <summary>The sums by datacenter in their order.</summary>
    public IEnumerable<CheckRow> Datacenters => Rows.Where(row => !row.IsServer);

    /// <summary>The row of a pair of servers; null where there is none.</summary>
    public CheckRow? Of(string from, string to, string check = "udp_ping") =>
        Rows.FirstOrDefault(row => row.IsServer && row.Check == check && row.From == from && row.To == to);

    /// <summary>
    /// Fails where the datacenters' lines are not those that the servers' lines come to: each full name of a source with each dotted prefix of a
    /// target's, in the order of appearance, with the sums and the extremes of those that answered.
    /// </summary>
    /// <param name="datacenters">The datacenter of each server; one that is missing has none.</param>
    public void AssertSums(IReadOnlyDictionary<string, string> datacenters)
    {
        var sums = new OrderedDictionary<string, CheckRow>();
        foreach (var row in Servers)
        {
            foreach (var prefix in Prefixes(datacenters.GetValueOrDefault(row.To)))
            {
                var from = datacenters.GetValueOrDefault(row.From, "no-datacenter");
                var sum = row with { IsServer = false, From = from, To = prefix, Ip = "", Tail = "", Directions = null };
                sums[sum.Key] = sums.TryGetValue(sum.Key, out var known) ? Add(known, sum) : sum;
            }
        }

        Assert.Equal(sums.Values, Datacenters);
    }

    private static IEnumerable<string> Prefixes(string? datacenter)
    {
        var parts = (datacenter ?? "no-datacenter").Split('.');
        return Enumerable.Range(1, parts.Length).Select(count => string.Join('.', parts.Take(count)));
    }

    private static CheckRow Add(CheckRow a, CheckRow b) => a with
    {
        Requests = a.Requests + b.Requests,
        Responses = a.Responses + b.Responses,
        Loss = a.Loss + b.Loss,
        Max = a.Max is null || b.Max > a.Max ? b.Max : a.Max,
        Min = a.Min is null || b.Min < a.Min ? b.Min : a.Min,
    };
}
