namespace Meshpulse.Bench.Whole;

/// <summary>One contender's turn: the same peers, the same time.</summary>
/// <param name="Contender">Whose.</param>
/// <param name="PairsPerSecond">Heartbeats a second each way, as the counterparts counted them.</param>
/// <param name="ProcessorShare">Of one core, the whole process.</param>
/// <param name="ProbingShare">Of one core, the probing thread.</param>
/// <param name="ResidentKilobytes">At the end, before the metrics were read.</param>
/// <param name="ProportionalKilobytes">The same without the neighbours' part of shared pages.</param>
/// <param name="Own">What the node measured of itself.</param>
internal sealed record Turn(
    string Contender,
    double PairsPerSecond,
    double ProcessorShare,
    double ProbingShare,
    long ResidentKilobytes,
    long ProportionalKilobytes,
    OwnFigures Own)
{
    /// <summary>Processor time of one heartbeat sent and one received.</summary>
    public double NanosecondsPerPair => ProcessorShare * 1e9 / PairsPerSecond;

    /// <summary>Measures one, with peers that say that they are at a port.</summary>
    public static async Task<Turn> TakeAsync(BenchOptions options, Contender contender, int peers, int intervalMicroseconds, int warmUpSeconds, int port = Ports.Mesh)
    {
        await contender.WaitAsync();
        using var counterparts = await Counterparts.StartAsync(options, peers, intervalMicroseconds, port);
        await Task.Delay(TimeSpan.FromSeconds(warmUpSeconds));
        await contender.BeginAsync();
        var countsBefore = await counterparts.ReadAsync();
        var before = contender.Read();
        await Task.Delay(TimeSpan.FromSeconds(options.Seconds));
        var counts = await counterparts.ReadAsync();
        var after = contender.Read();
        var nanoseconds = (double)(counts.AtNanoseconds - countsBefore.AtNanoseconds);
        var pairs = (counts.Sent - countsBefore.Sent + counts.Received - countsBefore.Received) / 2.0;
        // The peers go first: a node that ends would have them complain.
        counterparts.Dispose();
        var own = await contender.EndAsync();
        return new Turn(
            contender.Name,
            pairs / nanoseconds * 1e9,
            (after.ProcessorNanoseconds - before.ProcessorNanoseconds) / nanoseconds,
            (after.ProbingNanoseconds - before.ProbingNanoseconds) / nanoseconds,
            after.ResidentKilobytes,
            after.ProportionalKilobytes,
            own with { AllocatedBytes = own.AllocatedBytes / pairs });
    }
}
