namespace Meshpulse.Bench.Whole;

/// <summary>Other work of ordinary priority: a loop on every core.</summary>
internal sealed class BusyLoops : IDisposable
{
    private readonly List<Child> _loops =
        [.. Enumerable.Range(0, Environment.ProcessorCount).Select(p => new Child(p, "sh", "-c", "while :; do :; done"))];

    public void Dispose() => _loops.ForEach(l => l.Dispose());
}
