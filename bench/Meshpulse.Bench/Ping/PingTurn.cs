using Meshpulse.Bench.Whole;

namespace Meshpulse.Bench.Ping;

/// <summary>One contender's turn: the same targets, the same time, the same reflector on the other processor.</summary>
/// <param name="Contender">Whose.</param>
/// <param name="ProbesPerSecond">Requests that came to the reflector.</param>
/// <param name="ProcessorShare">Of one core, the whole process.</param>
/// <param name="ProbingShare">Of one core, the probing thread.</param>
/// <param name="ResidentKilobytes">At the end.</param>
/// <param name="DroppedThere">Requests that the reflector's receive queue had no room for: as much of the loss is the reflector's.</param>
/// <param name="Own">What it measured of itself.</param>
internal sealed record PingTurn(
    string Contender, double ProbesPerSecond, double ProcessorShare, double ProbingShare, long ResidentKilobytes, long DroppedThere, PingFigures Own)
{
    /// <summary>Processor time of one probe with its answer.</summary>
    public double NanosecondsPerProbe => ProcessorShare * 1e9 / ProbesPerSecond;

    /// <summary>Measures one.</summary>
    public static async Task<PingTurn> TakeAsync(BenchOptions options, PingContender contender, int warmUpSeconds)
    {
        using var targets = await Counterparts.StartAsync(options.Native("reflector"), [.. contender.Reflector]);
        await contender.WaitAsync();
        await Task.Delay(TimeSpan.FromSeconds(warmUpSeconds));
        await contender.BeginAsync();
        var countsBefore = await targets.ReadAsync();
        var before = contender.Read();
        await Task.Delay(TimeSpan.FromSeconds(options.Seconds));
        var counts = await targets.ReadAsync();
        var after = contender.Read();
        var nanoseconds = (double)(counts.AtNanoseconds - countsBefore.AtNanoseconds);
        return new PingTurn(
            contender.Name,
            (counts.Received - countsBefore.Received) / nanoseconds * 1e9,
            (after.ProcessorNanoseconds - before.ProcessorNanoseconds) / nanoseconds,
            (after.ProbingNanoseconds - before.ProbingNanoseconds) / nanoseconds,
            after.ResidentKilobytes,
            counts.Dropped - countsBefore.Dropped,
            await contender.EndAsync());
    }
}
