using Meshpulse.Bench.Whole;

namespace Meshpulse.Bench.Ping;

/// <summary>A program that probes targets.</summary>
internal abstract class PingContender(Child child) : IDisposable
{
    /// <summary>How it is called in the tables.</summary>
    public abstract string Name { get; }

    /// <summary>What bench/c/reflector.c is started with, so that it answers.</summary>
    public virtual IReadOnlyList<string> Reflector => ["0.0.0.0", $"{Ports.Targets}"];

    protected Child Child { get; } = child;

    /// <summary>What the system says of it now.</summary>
    public ProcReading Read() => ProcReading.Of(Child.Id);

    /// <summary>It probes.</summary>
    public abstract Task WaitAsync();

    /// <summary>The measurement begins.</summary>
    public abstract Task BeginAsync();

    /// <summary>The measurement is over.</summary>
    public abstract Task<PingFigures> EndAsync();

    public virtual void Dispose() => Child.Dispose();
}
