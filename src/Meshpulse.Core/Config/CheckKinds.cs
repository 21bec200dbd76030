using System.Collections.Immutable;

namespace Meshpulse.Core.Config;

/// <summary>The kinds of checks by the names that the file, the report and the metrics give them.</summary>
public static class CheckKinds
{
    /// <summary>The names in the order of the documentation.</summary>
    public static ImmutableArray<string> Names { get; } = ["udp_ping", "http", "tcp", "icmp", "stamp"];

    /// <summary>True where two checks of a kind and pair with different ports are two, so that reports and metrics have to name the port.</summary>
    public static bool HasPort(CheckKind kind) => kind is CheckKind.Tcp or CheckKind.Stamp;

    /// <summary>The name of a kind.</summary>
    public static string NameOf(CheckKind kind) => Names[(int)kind];

    /// <summary>The kind of a name; null where there is none.</summary>
    public static CheckKind? Find(string name) => Names.IndexOf(name) is >= 0 and var index ? (CheckKind)index : null;
}
