namespace Meshpulse.Bench.Whole;

/// <summary>A program that is measured as the node under test.</summary>
internal abstract class Contender(Child child) : IDisposable
{
    /// <summary>How it is called in the tables.</summary>
    public abstract string Name { get; }

    protected Child Child { get; } = child;

    /// <summary>What the system says of it now.</summary>
    public ProcReading Read() => ProcReading.Of(Child.Id);

    /// <summary>Ready to take calls.</summary>
    public abstract Task WaitAsync();

    /// <summary>The measurement begins.</summary>
    public abstract Task BeginAsync();

    /// <summary>The measurement is over.</summary>
    public abstract Task<OwnFigures> EndAsync();

    public void Dispose() => Child.Dispose();
}
