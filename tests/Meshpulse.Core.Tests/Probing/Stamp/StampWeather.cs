namespace Meshpulse.Core.Tests.Probing.Stamp;

/// <summary>What may happen in a history. Chances are of one packet each; times are in microseconds.</summary>
internal sealed record StampWeather
{
    public double ForwardLoss { get; init; }

    public double BackwardLoss { get; init; }

    public double ForwardCopies { get; init; }

    public double BackwardCopies { get; init; }

    public int ForwardJitter { get; init; }

    public int BackwardJitter { get; init; }

    /// <summary>Of a reply: it is under way for up to four seconds.</summary>
    public double Slow { get; init; }

    /// <summary>Of a moment between requests: the reflector restarts.</summary>
    public double Restart { get; init; }

    public uint Base { get; init; }

    public uint First { get; init; }

    /// <summary>The last request comes two seconds after the others, and comes back.</summary>
    public bool QuietEnd { get; init; } = true;
}
