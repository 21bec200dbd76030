namespace Meshpulse.Tests.Steadiness;

/// <summary>
/// What code allocates in steady state. While it is compiled anew for being hot, which happens on the thread that runs it and in the middle of a
/// loop, the runtime may allocate something once. What the code itself allocates it allocates in every round: so the least of some is its own.
/// </summary>
internal static class Allocations
{
    /// <summary>Runs it three times.</summary>
    /// <returns>The bytes of the round that allocated least on this thread.</returns>
    public static long Least(Action round)
    {
        var least = long.MaxValue;
        for (var i = 0; i < 3; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            round();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
