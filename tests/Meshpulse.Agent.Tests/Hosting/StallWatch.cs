using System.Diagnostics;

namespace Meshpulse.Agent.Tests.Hosting;

/// <summary>How long this machine keeps even a thread waiting that does nothing: what nobody can hold an agent to account for.</summary>
internal sealed class StallWatch : IDisposable
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(10);

    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;
    private long _longestTicks;

    public StallWatch()
    {
        _thread = new Thread(Watch) { IsBackground = true, Name = "stall watch" };
        _thread.Start();
    }

    /// <summary>The longest lateness so far.</summary>
    public TimeSpan Longest => TimeSpan.FromTicks(Volatile.Read(ref _longestTicks));

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
    }

    private void Watch()
    {
        for (var watch = Stopwatch.StartNew(); !_stop.Wait(s_step); watch.Restart())
        {
            Volatile.Write(ref _longestTicks, Math.Max(_longestTicks, (watch.Elapsed - s_step).Ticks));
        }
    }
}
