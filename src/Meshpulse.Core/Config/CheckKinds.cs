using System.Collections.Immutable;

namespace Meshpulse.Core.Config;

/// <summary>The kinds of checks by the names that the file, the report and the metrics give them.</summary>
public static class CheckKinds
{
    /// <summary>The names in the order of the documentation.</summary>
    public static ImmutableArray<string> Names { get; } = ["udp_ping", "http", "tcp", "icmp"];

    /// <summary>The name of a kind.</summary>
    public static string NameOf(CheckKind kind) => Names[(int)kind];

    /// <summary>The kind of a name; null where there is none.</summary>
    public static CheckKind? Find(string name) => Names.IndexOf(name) is >= 0 and var index ? (CheckKind)index : null;
}
