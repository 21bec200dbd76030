using Meshpulse.Bench.Whole;

namespace Meshpulse.Bench.Ping;

/// <summary>bench/c/ping.c.</summary>
internal sealed class BarePing(BenchOptions options, int targets, int intervalMicroseconds)
    : BareProgram(new Child(Ports.NodeProcessor, options.Native("ping"), $"{targets}", $"{intervalMicroseconds}", $"{Ports.Targets}"));
