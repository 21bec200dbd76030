namespace Meshpulse.Bench.Whole;

/// <summary>An agent whose metrics nobody reads until the measurement is over; then what reading them does to its memory.</summary>
internal sealed class ScrapedContender(BenchOptions options, int intervalMicroseconds) : AgentContender(options, intervalMicroseconds)
{
    public long PageBytes { get; private set; }

    public long ResidentAfterScrape { get; private set; }

    public override Task BeginAsync() => Task.CompletedTask;

    public override async Task<OwnFigures> EndAsync()
    {
        PageBytes = await ScrapeAsync();
        PageBytes = await ScrapeAsync();
        ResidentAfterScrape = Read().ResidentKilobytes;
        Child.Signal("TERM");
        return default;
    }
}
