using Meshpulse.Linux.Timing;

namespace Meshpulse.Agent.Maintenance;

/// <summary>
/// Looks at the maintenance file twice a second, so that a change is noticed within one. (The kernel could tell of changes,
/// but not where a directory above is replaced or the file system is somebody else's; and looking costs microseconds.)
/// </summary>
public sealed class MaintenanceWatch : IAsyncDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);

    private readonly MaintenanceFile _file;
    private readonly Action<MaintenanceState> _onChange;
    private readonly PeriodicTimer _timer = new(s_interval);
    private readonly Task _watching;
    private volatile MaintenanceState _state;

    /// <summary>Looks for the first time, then goes on.</summary>
    /// <param name="onChange">Is told of every change after this first look, also of a new reason or end; called from the thread pool. Must not throw.</param>
    public MaintenanceWatch(MaintenanceFile file, Action<MaintenanceState> onChange)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(onChange);
        (_file, _onChange) = (file, onChange);
        _state = file.Read(SystemClocks.Wall());
        _watching = WatchAsync();
    }

    /// <summary>How it was at the latest look, at most a second ago.</summary>
    public MaintenanceState State => _state;

    /// <summary>Stops looking.</summary>
    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _watching;
    }

    private async Task WatchAsync()
    {
        while (await _timer.WaitForNextTickAsync())
        {
            var state = _file.Read(SystemClocks.Wall());
            if (state != _state)
            {
                _state = state;
                _onChange(state);
            }
        }
    }
}
