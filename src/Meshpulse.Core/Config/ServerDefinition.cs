using System.Collections.Immutable;

namespace Meshpulse.Core.Config;

/// <summary>A <c>[[server]]</c> of the file.</summary>
public sealed class ServerDefinition
{
    /// <summary>Its name: not empty, at most 255 bytes of UTF-8, no control characters; unique among servers and groups.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is reached. The port is that of its reflector.</summary>
    public required ServerAddress Address { get; init; }

    /// <summary>The datacenter with its dots, or null; see <see cref="DatacenterPrefixes"/>.</summary>
    public string? Datacenter { get; init; }

    /// <summary>The names of its groups in the order given, each once.</summary>
    public ImmutableArray<string> Groups { get; init; } = [];

    /// <summary>A value for placeholders, or null. Any text but NUL: whoever hands it to a shell has to quote it.</summary>
    public string? Extra1 { get; init; }

    /// <inheritdoc cref="Extra1" />
    public string? Extra2 { get; init; }

    /// <inheritdoc cref="Extra1" />
    public string? Extra3 { get; init; }

    /// <summary>True where this server sends its figures to the metrics agent (<see cref="LandscapeSettings.AgentAddress"/>).</summary>
    public bool SendsToAgent { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
