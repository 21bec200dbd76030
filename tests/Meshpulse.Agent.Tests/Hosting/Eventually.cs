using System.Diagnostics;

namespace Meshpulse.Agent.Tests.Hosting;

/// <summary>Waits for what must come about, however slow the machine is.</summary>
internal static class Eventually
{
    /// <summary>What no test should ever need; a test that reaches it has failed.</summary>
    public static readonly TimeSpan Hang = TimeSpan.FromSeconds(40);

    public static Task TrueAsync(Func<bool> condition, string what) => TrueAsync(condition, () => what);

    public static async Task TrueAsync(Func<bool> condition, Func<string> what) =>
        Assert.True(await WithinAsync(condition, Hang), $"never came about: {what()}");

    /// <summary>Polls until the condition holds; false where the time ran out.</summary>
    public static async Task<bool> WithinAsync(Func<bool> condition, TimeSpan limit)
    {
        for (var watch = Stopwatch.StartNew(); !condition();)
        {
            if (watch.Elapsed > limit)
            {
                return condition();
            }

            await Task.Delay(5);
        }

        return true;
    }
}
