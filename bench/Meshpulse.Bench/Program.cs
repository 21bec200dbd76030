using Meshpulse.Bench;
using Meshpulse.Bench.Micro;
using Meshpulse.Bench.Whole;

if (!BenchOptions.TryParse(args, out var options, out var problem))
{
    await Console.Error.WriteLineAsync($"bench: {problem}");
    return 2;
}

var results = new BenchResults();
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
}
finally
{
    // What was measured is kept, though a later bench may fail.
    if (options.Json is { } file)
    {
        await results.WriteAsync(file);
    }
}

return 0;
