using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Views;

/// <summary>A stall that a node told of itself, on the judge's axis.</summary>
/// <param name="From">When its thread wanted to run.</param>
/// <param name="Until">When it ran.</param>
/// <param name="WaitedForCpu">How much of it the thread waited in the run queue; null where that is not known.</param>
internal readonly record struct Stall(MonoTime From, MonoTime Until, Duration? WaitedForCpu)
{
    public Duration Length => Until - From;

    public bool Overlaps(MonoTime from, MonoTime until) => From < until && from < Until;
}
