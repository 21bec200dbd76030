using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Membership;

/// <summary>Calls to other nodes.</summary>
public sealed partial class MeshNode
{
    private void Begin(DialTarget target)
    {
        if (target.Host is not { } host)
        {
            Dial(target);
            return;
        }

        target.Resolving = true;
        _transport.Resolve(target.Server, host);
    }

    private void Dial(DialTarget target)
    {
        Counters.Dials++;
        if (!target.WasAnnounced)
        {
            target.WasAnnounced = true;
            Tell(MeshEventKind.NewRemote, target.Endpoint);
        }

        Tell(MeshEventKind.Connecting, target.Endpoint);
        var connection = _connections.Add(outbound: true, target.Endpoint, _now.Mono);
        Counters.Connections = _connections.Count;
        connection.Target = target;
        _plan.Began(target, connection);
        _transport.Dial(connection.Id, target.Endpoint);
    }

    private void FailDial(MeshConnection connection, DialFailure failure)
    {
        var target = connection.Target!;
        Counters.DialFailures++;
        var tell = target.Failures == 0 || ShouldTell(target);
        Remove(connection, abort: true);
        _plan.Answered(target);
        _plan.Ended(target, useful: false, turnedAway: false, _now.Mono);
        if (tell)
        {
            target.FailureTold = _now.Mono;
            _observer.OnEvent(new MeshEvent(MeshEventKind.DialFailed, _now.Wall, 0, connection.Remote)
            {
                Failure = failure,
                WillRetry = target.IsServer,
                Name = target.Host,
            });
        }
    }

    /// <summary>A failure that goes on is told once per report.</summary>
    private bool ShouldTell(DialTarget target)
    {
        if (!target.IsServer || (target.FailureTold is { } told && _now.Mono - told < _options.ReportInterval))
        {
            return false;
        }

        target.FailureTold = _now.Mono;
        return true;
    }

    private void FoundSelf(DialTarget target)
    {
        target.IsSelf = true;
        _observer.OnEvent(new MeshEvent(MeshEventKind.ServerIsSelf, _now.Wall, 0, target.Endpoint) { Name = target.Host });
    }
}
