using Meshpulse.Linux.Interop;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Reflecting;

/// <summary>
/// One of an agent's reflectors, wherever it is to listen just now: the services that come and go behind it are one to who
/// counts. Changed by one thread at a time; read from any.
/// </summary>
/// <param name="tell">Told in one line what an operator wants to know.</param>
internal sealed class StampSeat(Action<string> tell)
{
    private volatile State _now = new(null, null, StampReflectorCounts.None);
    private string? _obstacle;

    /// <summary>True while it is to answer.</summary>
    public bool IsWanted => _now.Place is not null;

    /// <summary>True while it answers.</summary>
    public bool IsUp => _now.Service is { Ended.IsCompleted: false };

    /// <summary>Where it answers; null while it does not.</summary>
    public NodeEndpoint? Local => _now.Service is { Ended.IsCompleted: false } service ? service.Endpoints[0] : null;

    /// <summary>What it did since the agent's start.</summary>
    public StampReflectorCounts Counts => _now is { Service: { } service } now ? now.Before + service.Counts : _now.Before;

    /// <summary>Sees its sessions; nothing where it does not answer. False where its thread is late.</summary>
    public bool TryVisit(SessionVisit visit, TimeSpan patience) => _now.Service is not { Ended.IsCompleted: false } service || service.TryVisit(visit, patience);

    /// <summary>The first half of a change: gives back a port that is not wanted any more, as another seat may be waiting for it.</summary>
    public async Task LeaveAsync(StampPlace? next)
    {
        var now = _now;
        if (now.Service is not { } service || (IsUp && (next == now.Place || TryRoll(service, now, next))))
        {
            return;
        }

        if (service.Ended.IsFaulted)
        {
            tell($"the STAMP reflector's thread ended: {service.Ended.Exception.InnerException}");
        }

        await service.DisposeAsync();
        // They go with it; who asks again begins at 0.
        _now = now with { Service = null, Before = now.Before + (service.Counts with { Sessions = 0 }) };
    }

    /// <summary>The second half: listens where it is wanted, or says why it can't. Asked again, it tries again and says no more than is new.</summary>
    public async Task TakeAsync(StampPlace? place)
    {
        var was = _now;
        _now = was with { Place = place };
        if (place is null || IsUp)
        {
            return;
        }

        try
        {
            _now = _now with { Service = await StampReflectorService.StartAsync(place.ToOptions(), CancellationToken.None) };
            if (was.Place is not null)
            {
                tell($"STAMP is answered at {Local}{(place.Keys is null ? "" : ", authenticated,")} now");
            }

            _obstacle = null;
        }
        catch (StampReflectorStartException e)
        {
            Refused(place, e.Error);
        }
    }

    /// <summary>Other keys and nothing else take each other's place at once: a port that is closed for a moment would look like loss to all who ask.</summary>
    private bool TryRoll(StampReflectorService service, State now, StampPlace? next)
    {
        if (next is not { Keys: { } keys } || now.Place is not { Keys: not null } place || next != place with { Keys = keys })
        {
            return false;
        }

        service.RollKeys(keys);
        _now = now with { Place = next };
        tell($"STAMP is answered at {Local}, authenticated by other keys, now");
        return true;
    }

    private void Refused(StampPlace place, Errno error)
    {
        var obstacle = $"STAMP is not answered at {place.At} (UDP): {Explain(error)}. It is tried again every {StampReflectors.Retry.TotalSeconds:0} s";
        if (obstacle != _obstacle)
        {
            tell(obstacle);
        }

        _obstacle = obstacle;
    }

    private static string Explain(Errno error) => error switch
    {
        Errno.EADDRINUSE => "the port is in use by another program",
        Errno.EACCES => "not permitted; ports below 1024 need CAP_NET_BIND_SERVICE",
        Errno.EADDRNOTAVAIL => "not an address of this host",
        _ => error.Text(),
    };

    /// <param name="Place">Where it is wanted.</param>
    /// <param name="Service">What listens.</param>
    /// <param name="Before">What its predecessors did.</param>
    private sealed record State(StampPlace? Place, StampReflectorService? Service, StampReflectorCounts Before);
}
