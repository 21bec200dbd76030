using System.Collections.Immutable;
using System.Net.Sockets;
using Meshpulse.Agent.Tracing;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Commands;

/// <summary>What <c>meshpulse trace</c> was asked for, every value checked.</summary>
public sealed record TraceArguments
{
    /// <summary>A name or an address.</summary>
    public required string Host { get; init; }

    /// <summary>The only family in which a name is looked up, InterNetwork or InterNetworkV6; null for both.</summary>
    public AddressFamily? Family { get; init; }

    /// <summary>With which packets.</summary>
    public TracingProtocol Protocol { get; init; }

    /// <summary>The destination port; 0 for ICMP.</summary>
    public int Port { get; init; }

    /// <summary>How many flows take turns.</summary>
    public int Flows { get; init; }

    /// <summary>The source ports of the flows, in the order given; empty for any.</summary>
    public ImmutableArray<int> SourcePorts { get; init; } = [];

    /// <summary>Rounds; null for the usual: until a signal on a terminal, else ten.</summary>
    public long? Rounds { get; init; }

    /// <summary>From round to round.</summary>
    public Duration Interval { get; init; }

    /// <summary>The highest TTL.</summary>
    public int MaxHops { get; init; }

    /// <summary>After which a probe is lost.</summary>
    public Duration Timeout { get; init; }

    /// <summary>No names are looked up.</summary>
    public bool IsNumeric { get; init; }

    /// <summary>One JSON object instead of text.</summary>
    public bool Json { get; init; }
}
