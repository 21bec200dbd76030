using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Agent.Configuration;

/// <summary>
/// Watches the file of the configuration and says when it has another content.
/// <para>
/// The problem: an editor, a <c>cat &gt;</c> or a copy over the network writes a file bit by bit, and the first half of a sound
/// configuration is mostly a sound configuration: one with fewer servers. The obvious way, to read the file as soon as the
/// kernel tells of a change, takes it, and stops half of the probes for a moment. (The kernel tells nothing at all of links
/// above the file that lead elsewhere, which is how Kubernetes replaces it, nor of changes on another host.)
/// </para>
/// <para>
/// What we do: read the file once a second, which costs microseconds, and compare. A content that is new must be found again, unchanged,
/// at least 250 ms later before it counts; as long as it keeps changing, what is in force stays. After some forty looks that is a
/// refusal too, so that somebody learns of it. A writer that pauses for longer than that in the midst is taken for
/// finished: who wants to be sure writes beside the file and moves it over.
/// </para>
/// <para>Every property may be read, and every method called, from any thread.</para>
/// </summary>
public sealed class LandscapeWatch : IAsyncDisposable
{
    /// <summary>The cause that is told where a look found another content.</summary>
    public const string FileChanged = "the file changed";

    private const int TicksPerLook = 4;
    private const int MostUnrest = 40;

    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(250);
    private static readonly Duration s_settle = Duration.FromMilliseconds(250);
    private static readonly TimeSpan s_stopPatience = TimeSpan.FromSeconds(5);

    // Held while onLoad runs: that is what keeps its calls apart and in their order.
    private readonly Lock _lock = new();
    private readonly LandscapeSource _source;
    private readonly Action<LandscapeLoad, string> _onLoad;
    private readonly PeriodicTimer _timer;
    private readonly Task _watching;
    private volatile WatchState _state;
    private volatile bool _stopped;
    private FileContent _judged;
    private FileContent? _candidate;
    private MonoTime _candidateSince;
    private int _unrest;

    /// <summary>Begins to watch.</summary>
    /// <param name="first">The reading of <paramref name="source"/> that is in force, not a refused one. It is not told again.</param>
    /// <param name="onLoad">
    /// Is told of every later reading, taken or refused, and what caused it; from the thread pool, never twice at once. It must not throw, nor
    /// wait for <see cref="ReloadAsync"/> or <see cref="DisposeAsync"/>.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="first"/> was refused.</exception>
    public LandscapeWatch(LandscapeSource source, LandscapeLoad first, Action<LandscapeLoad, string> onLoad)
        : this(source, first, onLoad, s_tick)
    {
    }

    /// <summary>The same with a timer that ticks as given; one that never ticks leaves looking to <see cref="Look"/>.</summary>
    internal LandscapeWatch(LandscapeSource source, LandscapeLoad first, Action<LandscapeLoad, string> onLoad, TimeSpan tick)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(onLoad);
        if (first.Value is null)
        {
            throw new ArgumentException("A refused reading can't be in force", nameof(first));
        }

        (_source, _onLoad, _judged) = (source, onLoad, first.Content);
        _state = new WatchState(first, true, SystemClocks.Wall(), 0, 0);
        _timer = new PeriodicTimer(tick);
        _watching = WatchAsync();
    }

    /// <summary>The latest reading that was not refused; its value is never null.</summary>
    public LandscapeLoad InForce => _state.InForce;

    /// <summary>False while the file's content, as it was last looked at, is refused: <c>config_last_reload_successful</c>.</summary>
    public bool LastReloadSuccessful => _state.IsSuccess;

    /// <summary>
    /// When what is in force was last taken, by a change or on demand: <c>config_last_reload_success_timestamp_seconds</c>. A refused file that
    /// gets its old content back does not move it.
    /// </summary>
    public WallTime LastSuccess => _state.LastSuccess;

    /// <summary>Readings that were taken, the first one not counted.</summary>
    public long Reloads => _state.Reloads;

    /// <summary>Readings that were refused: once per change, and each one on demand.</summary>
    public long Refusals => _state.Refusals;

    /// <summary>
    /// Reads the file now, without waiting until it rests, and tells the listener whatever it comes to, changed or not. The task ends
    /// after the listener was told.
    /// </summary>
    /// <param name="cause">What the listener is told, as in <c>SIGHUP</c> or <c>POST /-/reload</c>.</param>
    /// <exception cref="ObjectDisposedException">The watch has ended; nothing was told.</exception>
    public Task<LandscapeLoad> ReloadAsync(string cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        return Task.Run(() => Reload(cause));
    }

    /// <summary>Stops watching; when it is done, the listener is told nothing more. A file system that does not answer is left behind after 5 s.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopped = true;
        _timer.Dispose();
        var told = Task.Run(() =>
        {
            lock (_lock)
            {
                // Whoever was telling has finished.
            }
        });
        await Task.WhenAny(Task.WhenAll(_watching, told), Task.Delay(s_stopPatience));
        if (_watching.IsFaulted)
        {
            await _watching;
        }
    }

    /// <summary>Looks once.</summary>
    /// <param name="now">When; the looks' times say whether a content has rested.</param>
    /// <returns>False where a content is new and must be looked at again.</returns>
    internal bool Look(MonoTime now)
    {
        lock (_lock)
        {
            if (_stopped)
            {
                return true;
            }

            var seen = _source.Look(_judged, _candidate);
            if (ReferenceEquals(seen, _judged))
            {
                Settle();
                return true;
            }

            if (!ReferenceEquals(seen, _candidate))
            {
                (_candidate, _candidateSince) = (seen, now);
                if (++_unrest < MostUnrest)
                {
                    return false;
                }

                seen = FileContent.Unreadable(ContentReader.Restless);
            }
            else if (now - _candidateSince < s_settle)
            {
                return false;
            }

            Settle();
            Judge(seen);
            return true;
        }
    }

    private void Settle() => (_candidate, _unrest) = (null, 0);

    private void Judge(FileContent seen)
    {
        if (seen.IsSame(_judged))
        {
            return;
        }

        _judged = seen;
        if (seen.IsSame(_state.InForce.Content))
        {
            _state = _state with { IsSuccess = true };
            return;
        }

        Tell(_source.Judge(seen), FileChanged);
    }

    private LandscapeLoad Reload(string cause)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            var load = _source.Load();
            Settle();
            _judged = load.Content;
            Tell(load, cause);
            return load;
        }
    }

    private void Tell(LandscapeLoad load, string cause)
    {
        _state = load.Value is null
            ? _state with { IsSuccess = false, Refusals = _state.Refusals + 1 }
            : _state with { InForce = load, IsSuccess = true, LastSuccess = SystemClocks.Wall(), Reloads = _state.Reloads + 1 };
        _onLoad(load, cause);
    }

    private async Task WatchAsync()
    {
        for (var (tick, isSettled) = (0, true); await _timer.WaitForNextTickAsync();)
        {
            tick = (tick + 1) % TicksPerLook;
            if (tick == 0 || !isSettled)
            {
                isSettled = Look(SystemClocks.Mono());
            }
        }
    }
}
