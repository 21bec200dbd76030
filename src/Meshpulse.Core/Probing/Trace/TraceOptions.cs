using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing.Trace;

/// <summary>How a path is traced.</summary>
public sealed record TraceOptions
{
    /// <summary>The most flows of one trace.</summary>
    public const int MaxFlows = 64;

    /// <summary>The highest TTL that there is.</summary>
    public const int HighestTimeToLive = 255;

    /// <summary>How many flows take turns, 1 to 64.</summary>
    public int Flows { get; init; } = 4;

    /// <summary>How often every flow asks every hop; null until stopped.</summary>
    public long? Rounds { get; init; }

    /// <summary>From the beginning of one round to that of the next; more than zero. The flows' turns are spread over it.</summary>
    public Duration Interval { get; init; } = Duration.FromSeconds(4);

    /// <summary>After which a probe is lost; more than zero.</summary>
    public Duration Timeout { get; init; } = Duration.FromSeconds(1);

    /// <summary>The highest TTL that is sent, 1 to 255.</summary>
    public int MaxHops { get; init; } = 30;

    /// <summary>How many probes of one flow may be under way at once: 1 where the protocol can't tell them apart.</summary>
    public int MostUnderWay { get; init; } = HighestTimeToLive;
}
