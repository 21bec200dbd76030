using Meshpulse.Bench.Whole;

namespace Meshpulse.Bench.Fleet;

/// <summary>Real agents around the one that is measured, on the other processor.</summary>
internal sealed class RealMesh(BenchOptions options, int count) : IDisposable
{
    /// <summary>The largest mesh of real agents that a processor carries.</summary>
    public const int Most = 8;

    private readonly List<Child> _agents = [.. Enumerable.Range(2, count).Select(i => Start(options, $"127.0.9.{i}"))];

    public void Dispose()
    {
        _agents.ForEach(a => a.Signal("TERM"));
        _agents.ForEach(a => a.Dispose());
    }

    private static Child Start(BenchOptions options, string address)
    {
        var agent = new Child(
            Ports.OtherProcessor, options.Agent, "-b", $"{address}:{Ports.Mesh}", "-m", $"{address}:{Ports.Metrics}", "--quiet", $"{Ports.Address}:{Ports.Mesh}");
        _ = agent.Output.BaseStream.CopyToAsync(Stream.Null);
        return agent;
    }
}
