using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Agent.Vitals;

/// <summary>
/// Windows of the host's vitals on their way into slices, each of which has room for one. Both are cut each quarter of a second, by different threads: after a
/// stall two windows may end before a slice does, and the one that tells of the stall is the older of them. Those that tell of nothing make way. Any thread.
/// </summary>
internal sealed class HostWindowQueue
{
    private const int Most = 4;

    private static readonly Duration s_worthTelling = Duration.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly Queue<HostWindow> _windows = new(Most);

    /// <summary>A window has ended. Of more than four that wait the oldest is lost.</summary>
    public void Add(HostWindow window)
    {
        lock (_lock)
        {
            if (_windows.Count == Most)
            {
                _ = _windows.Dequeue();
            }

            _windows.Enqueue(window);
        }
    }

    /// <summary>The one for the next slice; null where none has ended since.</summary>
    public HostWindow? Next()
    {
        lock (_lock)
        {
            HostWindow? next = null;
            while ((next is null || !IsWorthTelling(next)) && _windows.TryDequeue(out var following))
            {
                next = following;
            }

            return next;
        }
    }

    private static bool IsWorthTelling(HostWindow window) =>
        window.Frozen > Duration.Zero || window.Suspended > Duration.Zero || window.Stalls.Any(s => s.Length >= s_worthTelling);
}
