using System.Collections.Concurrent;
using Meshpulse.Agent.Tests.Hosting;
using Meshpulse.Agent.Vitals;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;
using Meshpulse.Linux.Timing;
using Meshpulse.Linux.Vitals;

namespace Meshpulse.Agent.Tests.Vitals;

public sealed class VitalsServiceTests : IDisposable
{
    private readonly ProbingWatch _watch = new("/proc");
    private readonly ConcurrentQueue<HostWindow> _windows = new();
    private VitalsService? _service;

    public void Dispose()
    {
        _service?.Dispose();
        _watch.Dispose();
    }

    [Fact]
    public async Task Windows_follow_one_another_without_a_gap()
    {
        Start(HostRoots.Live);
        await WindowsAsync(3);
        var windows = _windows.ToList();
        Assert.All(windows.Zip(windows.Skip(1)), pair => Assert.Equal(pair.First.Until, pair.Second.From));
        Assert.All(windows, window => Assert.True(window.Length > Duration.Zero));
        Assert.All(windows, window => Assert.Equal(0, window.Network.ReceiveDrops));
        var told = 0L;
        _service!.Read(totals => told = totals.Windows);
        Assert.True(told >= 3);
    }

    [Fact]
    public async Task Stalls_of_the_probing_thread_are_in_the_window_in_which_they_are_told()
    {
        Start(HostRoots.Live);
        await WindowsAsync(1);
        var due = SystemClocks.Mono();
        _watch.Begin(due);
        _watch.OnSleep(due);
        await Eventually.TrueAsync(() => _windows.Any(w => w.Stalls is [{ IsOngoing: true } stall] && stall.From == due), "a stall that lasts");
        var woke = SystemClocks.Mono();
        _watch.OnWoke(due, woke);
        await Eventually.TrueAsync(() => _windows.Any(w => w.Stalls is [{ IsOngoing: false } stall] && stall.From == due && stall.Until == woke), "a stall that is over");
    }

    [Fact]
    public async Task A_host_that_tells_nothing_is_watched_all_the_same()
    {
        Start(HostRoots.Recorded("/nowhere"));
        await WindowsAsync(2);
        Assert.All(_windows, window => Assert.Null(window.AllCpus));
        Assert.All(_windows, window => Assert.Contains("stat: No such file or directory", window.Missing));
    }

    [Fact]
    public async Task Collections_of_our_own_are_told()
    {
        Start(HostRoots.Live);
        await WindowsAsync(1);
        var before = GC.GetTotalPauseDuration();
        await Eventually.TrueAsync(
            () =>
            {
                GC.Collect();
                return GC.GetTotalPauseDuration() > before && _windows.Any(window => window.RuntimePauses > Duration.Zero);
            },
            "a pause");
    }

    private void Start(HostRoots roots)
    {
        _service = new VitalsService(roots, _watch, () => 7);
        _service.Closed += _windows.Enqueue;
        _service.Start();
    }

    private Task WindowsAsync(int count) => Eventually.TrueAsync(() => _windows.Count >= count, $"{count} windows");
}
