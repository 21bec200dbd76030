using Meshpulse.Linux.Timing;

namespace Meshpulse.Agent.Maintenance;

/// <summary>
/// Looks at the maintenance file twice a second, so that a change is noticed within one. (The kernel could tell of changes,
/// but not where a directory above is replaced or the file system is somebody else's; and looking costs microseconds.)
/// </summary>
public sealed class MaintenanceWatch : IAsyncDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly Action<MaintenanceState> _onChange;
    private readonly PeriodicTimer _timer = new(s_interval);
    private readonly Task _watching;
    private MaintenanceFile _file;
    private volatile MaintenanceState _state;
    private volatile bool _stopped;

    /// <summary>Looks for the first time, then goes on.</summary>
    /// <param name="onChange">
    /// Is told of every change after this first look, also of a new reason or end; called from the thread pool or from within <see cref="ChangeFile"/>, one
    /// call after the other. Must not throw.
    /// </param>
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

    /// <summary>Looks at another file from now on, for the first time before this returns. After the end of the watch it does nothing.</summary>
    public void ChangeFile(MaintenanceFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        lock (_lock)
        {
            _file = file;
            Look();
        }
    }

    /// <summary>Stops looking.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopped = true;
        _timer.Dispose();
        await _watching;
    }

    private async Task WatchAsync()
    {
        while (await _timer.WaitForNextTickAsync())
        {
            lock (_lock)
            {
                Look();
            }
        }
    }

    private void Look()
    {
        if (_stopped)
        {
            return;
        }

        var state = _file.Read(SystemClocks.Wall());
        if (state != _state)
        {
            _state = state;
            _onChange(state);
        }
    }
}
