using Meshpulse.Bench.Ping;
using Meshpulse.Bench.Whole;

namespace Meshpulse.Bench.Stamp;

/// <summary>bench/c/stamp.c: the same system calls and nothing else.</summary>
internal sealed class BareStamp(BenchOptions options) : BareProgram(new Child(
    Ports.NodeProcessor,
    options.Native("stamp"),
    $"{PathPlan.Paths}",
    $"{PathPlan.Flows}",
    $"{PathPlan.IntervalMicroseconds}",
    $"{Ports.Targets}"))
{
    public override IReadOnlyList<string> Reflector => PathPlan.Reflector;
}
