using System.Collections.Immutable;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Cli.Commands;

/// <summary>What <c>meshpulse reflect</c> was asked for, every value checked. The defaults are those of an empty line.</summary>
public sealed record ReflectArguments
{
    /// <summary>Where to listen.</summary>
    public ReflectBind Listen { get; init; } = ReflectBind.Default;

    /// <summary>The file of keys, which means authenticated mode; null without.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The networks that are answered; empty: all.</summary>
    public ImmutableArray<AddressNetwork> Allow { get; init; } = [];

    /// <summary>Keep no sessions.</summary>
    public bool Stateless { get; init; }

    /// <summary>Look at TLVs.</summary>
    public bool ProcessTlvs { get; init; } = true;

    /// <summary>Where the metrics are served; null where they are not.</summary>
    public MetricsBind? Metrics { get; init; }

    /// <summary>The summary as JSON.</summary>
    public bool Json { get; init; }
}
