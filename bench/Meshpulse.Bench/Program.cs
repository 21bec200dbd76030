using Meshpulse.Bench;
using Meshpulse.Bench.Busy;
using Meshpulse.Bench.Fleet;
using Meshpulse.Bench.History;
using Meshpulse.Bench.Micro;
using Meshpulse.Bench.Ping;
using Meshpulse.Bench.Stamp;
using Meshpulse.Bench.Verdicts;
using Meshpulse.Bench.Whole;

if (!BenchOptions.TryParse(args, out var options, out var problem))
{
    await Console.Error.WriteLineAsync($"bench: {problem}");
    return 2;
}

var results = new BenchResults();
var isGood = true;
try
{
    if (options.Wants("micro"))
    {
        MicroBench.Run(results);
    }

    if (options.Wants("cost"))
    {
        await new CostBench(options).RunAsync(results);
    }

    if (options.Wants("wakeup"))
    {
        await new WakeupBench(options).RunAsync(results);
    }

    if (options.Wants("memory"))
    {
        await new MemoryBench(options).RunAsync(results);
    }

    if (options.Wants("ping"))
    {
        await new PingBench(options).RunAsync(results);
    }

    if (options.Wants("ping-limit"))
    {
        await new PingLimitBench(options).RunAsync(results);
    }

    if (options.Wants("ping-memory"))
    {
        await new PingMemoryBench(options).RunAsync(results);
    }

    if (options.Wants("reflector"))
    {
        await new ReflectorBench(options).RunAsync(results);
    }

    if (options.Wants("stamp"))
    {
        await new StampBench(options).RunAsync(results);
    }

    if (options.Wants("stamp-micro"))
    {
        StampMicroBench.Run(results);
    }

    if (options.Wants("history"))
    {
        new HistoryBench(options).Run(results);
    }

    if (options.Wants("fleet"))
    {
        await new FleetBench(options).RunAsync(results);
    }

    if (options.Wants("telling"))
    {
        await new TellingBench(options).RunAsync(results);
    }

    if (options.Wants("telling-micro"))
    {
        TellingMicroBench.Run(results);
    }

    if (options.Wants("busy"))
    {
        await new BusyBench(options).RunAsync(results);
    }

    if (options.Wants("incidents"))
    {
        await new IncidentsBench(options).RunAsync(results);
    }

    if (options.Wants("quiet"))
    {
        isGood = await new QuietBench(options).RunAsync(results);
    }
}
finally
{
    // What was measured is kept, though a later bench may fail.
    if (options.Json is { } file)
    {
        await results.WriteAsync(file);
    }
}

return isGood ? 0 : 1;
