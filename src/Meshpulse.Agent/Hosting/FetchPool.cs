using System.Collections.Concurrent;
using Meshpulse.Agent.Fetching;
using Meshpulse.Core.Config;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Agent.Hosting;

/// <summary>Runs HTTP fetches on the thread pool when the probing thread says that they are due.</summary>
internal sealed class FetchPool(HttpFetcher fetcher, Func<ConcurrentQueue<FetchOutcome>> outcomes) : IDisposable
{
    private const int MaxUnderWay = 256;

    private readonly CancellationTokenSource _stop = new();
    private IReadOnlyDictionary<int, ProbeDefinition> _probes = new Dictionary<int, ProbeDefinition>();
    private int _underWay;

    /// <summary>Says what each number means from now on; from any thread.</summary>
    public void Apply(IEnumerable<(int Id, ProbeDefinition Definition)> probes) =>
        Volatile.Write(ref _probes, probes.Where(p => p.Definition.Kind == CheckKind.Http).ToDictionary(p => p.Id, p => p.Definition));

    /// <summary>Begins a fetch; false where as many are under way as there may be. Called by the probing thread, so it only hands over.</summary>
    public bool TryBegin(int probe)
    {
        if (Interlocked.Increment(ref _underWay) > MaxUnderWay)
        {
            Interlocked.Decrement(ref _underWay);
            return false;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static fetch => _ = fetch.Pool.FetchAsync(fetch.Probe), (Pool: this, Probe: probe), preferLocal: false);
        return true;
    }

    public void Dispose()
    {
        _stop.Cancel();
        fetcher.Dispose();
    }

    private async Task FetchAsync(int id)
    {
        try
        {
            if (Volatile.Read(ref _probes).TryGetValue(id, out var probe))
            {
                var figures = await fetcher.FetchAsync(new Uri(probe.Url!), probe.Timeout, probe.Dscp, _stop.Token);
                outcomes().Enqueue(new FetchOutcome(id, SystemClocks.Mono(), figures));
            }
        }
        catch (OperationCanceledException)
        {
            // The agent stops; what was under way is nobody's loss.
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }
}
