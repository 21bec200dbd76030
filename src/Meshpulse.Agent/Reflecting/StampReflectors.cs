using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Reflecting;

/// <summary>
/// An agent's STAMP reflectors: one beside the mesh's port, one for the checks, and one for both where they would take the same
/// packets. They are an addition: whatever keeps one from listening is told and counted, tried again, and stops nothing else. Each
/// has a thread of its own, of normal priority, so that no flood of theirs takes the probing thread's time.
/// </summary>
internal sealed class StampReflectors : IAsyncDisposable
{
    /// <summary>How often what could not be had is tried again.</summary>
    public static readonly TimeSpan Retry = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_visitPatience = TimeSpan.FromMilliseconds(50);

    private readonly StampPlace? _mesh;
    private readonly StampSeat _first;
    private readonly StampSeat _second;
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly PeriodicTimer _timer;
    private Task _retrying = Task.CompletedTask;
    private volatile StampPlace? _checks;
    private SessionVisit _visit = new();
    private bool _ended;

    /// <summary>None yet.</summary>
    /// <param name="mesh">Where the mesh's is to listen, for good; null without a mesh.</param>
    /// <param name="tellMesh">Is told in one line what concerns the mesh's, and the one for both; from any thread.</param>
    /// <param name="tellChecks">The same of the checks'.</param>
    /// <param name="retry">How often what could not be had is tried again, where not <see cref="Retry"/>.</param>
    public StampReflectors(StampPlace? mesh, Action<string> tellMesh, Action<string> tellChecks, TimeSpan? retry = null)
    {
        (_mesh, _first, _second) = (mesh, new StampSeat(tellMesh), new StampSeat(tellChecks));
        _timer = new PeriodicTimer(retry ?? Retry);
    }

    /// <summary>True while every one that is to answer does.</summary>
    public bool IsUp => (_first.IsUp || !_first.IsWanted) && (_second.IsUp || !_second.IsWanted);

    /// <summary>Where they answer.</summary>
    public IReadOnlyList<NodeEndpoint> Endpoints => [.. new[] { _first.Local, _second.Local }.OfType<NodeEndpoint>()];

    /// <summary>What they did together.</summary>
    public StampReflectorCounts Counts => _first.Counts + _second.Counts;

    /// <summary>Begins to answer, and to try again where it can't.</summary>
    /// <param name="checks">Where the checks' is to listen; null for none.</param>
    public async Task StartAsync(StampPlace? checks)
    {
        await MoveAsync(checks);
        _retrying = RetryAsync();
    }

    /// <summary>Has the checks' listen elsewhere, where its sessions begin anew, or with other keys, where they go on. From any thread; the last one called stands.</summary>
    /// <param name="checks">Where it is to listen; null for nowhere.</param>
    public Task MoveAsync(StampPlace? checks)
    {
        _checks = checks;
        return ReconcileAsync();
    }

    /// <summary>Hands out who asks the mesh's reflector, and how often so far, mod 2^32. One caller at a time.</summary>
    /// <param name="seenAfter">Sessions that have been silent since are left out.</param>
    /// <param name="visitor">Is given each.</param>
    /// <returns>False where there is none, or its thread is late: then nothing was handed out.</returns>
    public bool TryVisit(MonoTime seenAfter, Action<NodeEndpoint, uint> visitor)
    {
        if (!_first.IsUp)
        {
            return false;
        }

        _visit.Begin(seenAfter);
        if (!_first.TryVisit(_visit, s_visitPatience))
        {
            // The thread may still come to it.
            _visit = new SessionVisit();
            return false;
        }

        foreach (var (source, received) in _visit.Sessions)
        {
            visitor(source, received);
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _retrying;
        await _changing.WaitAsync();
        _ended = true;
        await _first.LeaveAsync(null);
        await _second.LeaveAsync(null);
        _changing.Release();
    }

    private async Task RetryAsync()
    {
        while (await _timer.WaitForNextTickAsync())
        {
            if (!IsUp)
            {
                await ReconcileAsync();
            }
        }
    }

    private async Task ReconcileAsync()
    {
        await _changing.WaitAsync();
        try
        {
            if (_ended)
            {
                return;
            }

            var (first, second) = Plan(_mesh, _checks?.Chosen());
            await _first.LeaveAsync(first);
            await _second.LeaveAsync(second);
            await _first.TakeAsync(first);
            await _second.TakeAsync(second);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>One socket for both has the keys of the checks, since the mesh has none, and answers whom the mesh allows.</summary>
    private static (StampPlace? First, StampPlace? Second) Plan(StampPlace? mesh, StampPlace? checks) =>
        mesh is not null && checks is not null && checks.Covers(mesh)
            ? (mesh with { At = checks.At, Keys = checks.Keys }, null)
            : (mesh, checks);
}
