namespace Meshpulse.Lab.Processes;

/// <summary>Waits for conditions. The bounds are for hangs only: no test needs a fraction of them.</summary>
internal static class Until
{
    /// <summary>What a healthy run never needs.</summary>
    public static readonly TimeSpan Hang = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(25);

    /// <summary>Waits until the condition holds; fails with the explanation where it never does.</summary>
    public static Task HoldsAsync(Func<bool> condition, Func<string> explain) =>
        HoldsAsync(() => Task.FromResult(condition()), explain);

    /// <summary>The same for a condition that has to be asked for.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> condition, Func<string> explain)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Hang)
            {
                Assert.Fail($"not within {Hang.TotalSeconds:0} s: {explain()}");
            }

            await Task.Delay(s_pause);
        }
    }
}
