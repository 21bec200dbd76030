using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Time;
using Meshpulse.Sim.Machines;

namespace Meshpulse.Sim.Incidents;

/// <summary>
/// What happens to hosts and their clocks. Sizes are such that an operator would want to know:
/// <list type="bullet">
/// <item>stalls of 25 ms (steal) to 800 ms again and again over 4 to 9 s (<see cref="MachineHealth"/> has the lengths for each cause); a freeze is one of 0.7 to 5 s;</item>
/// <item>power saving wakes every thread 1 to 10 ms late; receive drops take 5 to 30 % of what comes, or of the datagrams alone;</item>
/// <item>clocks step by 20 ms to 5 s either way, drift by 250 to 480 ppm more than the others for half a minute and longer; or are off by 60 ms to 2 s
/// after a start, while the kernel says that nobody sets them.</item>
/// </list>
/// </summary>
internal static class HostIncidents
{
    /// <summary>Those that hold up the agent.</summary>
    public static Incident Stall(IncidentScene scene, VerdictKind kind, StallCause cause)
    {
        var host = scene.Machine();
        if (cause == StallCause.Pinning)
        {
            host.Pin();
        }

        var isFreeze = cause is StallCause.Frozen or StallCause.MachineFrozen;
        var length = isFreeze ? scene.Between(700, 5_000) : scene.Between(4_000, 9_000);
        var incident = new Incident(kind, $"{host.Name}, {cause}, {length}", length)
        {
            Begin = () => host.Hold(cause, length),
            Hinders = m => m == host,
            TellableAfter = isFreeze ? length : Duration.Zero,
        };
        // Before its vitals are there, and by what it says of itself.
        incident.Named(At(kind, host)).Forgiven(At(VerdictKind.HostStalled, host), At(VerdictKind.ObserverSick, host));
        // A machine that stands still answers nothing, as one that is gone.
        return cause == StallCause.MachineFrozen ? incident.Forgiven(At(VerdictKind.HostGone, host), At(VerdictKind.NodeUplink, host)) : incident;
    }

    public static Incident Freeze(IncidentScene scene) =>
        Stall(scene, VerdictKind.HostFrozen, scene.One(StallCause.Frozen, StallCause.Frozen, StallCause.MachineFrozen));

    public static Incident ReceiveDrops(IncidentScene scene)
    {
        var (host, share, ofAll) = (scene.Machine(), scene.Between(0.05, 0.3), scene.Coin());
        return new Incident(VerdictKind.HostReceiveDrops, $"{host.Name}, {share:P0} of {(ofAll ? "all" : "datagrams")}", scene.Between(5_000, 10_000))
        {
            Begin = () => host.SetDrops(ofAll ? share : 0, ofAll ? 0 : share),
            End = () => host.SetDrops(0, 0),
        }.Named(At(VerdictKind.HostReceiveDrops, host));
    }

    public static Incident ProcessGone(IncidentScene scene)
    {
        var host = scene.Machine();
        return new Incident(VerdictKind.HostProcessGone, host.Name, scene.Between(5_000, 14_000))
        {
            Begin = host.Kill,
            End = host.Start,
            CanKnow = m => m != host,
            Hinders = m => m == host,
        }.Named(At(VerdictKind.HostProcessGone, host))
            .Forgiven(At(VerdictKind.HostRestarted, host));
    }

    public static Incident Gone(IncidentScene scene)
    {
        var host = scene.Machine();
        var incident = new Incident(VerdictKind.HostGone, host.Name, scene.Between(5_000, 14_000))
        {
            Begin = host.Vanish,
            End = host.Return,
            CanKnow = m => m != host,
            Hinders = m => m == host,
        };
        // It begins as a stall, its own link cut looks the same from outside, and it comes back.
        return incident.Named(At(VerdictKind.HostGone, host))
            .Forgiven(At(VerdictKind.HostStalled, host), At(VerdictKind.NodeUplink, host), At(VerdictKind.HostRestarted, host));
    }

    public static Incident Restarted(IncidentScene scene)
    {
        var (host, pause) = (scene.Machine(), scene.Between(200, 3_000));
        return new Incident(VerdictKind.HostRestarted, $"{host.Name}, away for {pause}", pause)
        {
            Begin = host.Kill,
            End = host.Start,
            CanKnow = m => m != host,
            Hinders = m => m == host,
            TellableAfter = pause,
        }.Named(At(VerdictKind.HostRestarted, host))
            .Forgiven(At(VerdictKind.HostProcessGone, host));
    }

    public static Incident Left(IncidentScene scene)
    {
        var host = scene.Machine();
        return new Incident(VerdictKind.HostLeft, host.Name, scene.Between(5_000, 14_000))
        {
            Begin = host.Leave,
            End = host.Start,
            CanKnow = m => m != host,
            Hinders = m => m == host,
        }.Named(At(VerdictKind.HostLeft, host)).Forgiven(At(VerdictKind.HostRestarted, host));
    }

    /// <summary>What is done to the host meanwhile is nobody's business: its agent is stopped hard and started again.</summary>
    public static Incident Maintenance(IncidentScene scene)
    {
        var (host, isGone) = (scene.Machine(), scene.Coin());
        var clock = scene.World.Clock;
        return new Incident(VerdictKind.HostMaintenance, $"{host.Name}, {(isGone ? "without power" : "restarted")} for 4 s of it", Duration.FromSeconds(12))
        {
            Begin = () =>
            {
                Say(host, isInMaintenance: true);
                clock.After(Duration.FromSeconds(3), isGone ? host.Vanish : host.Kill);
                clock.After(Duration.FromSeconds(7), () =>
                {
                    (isGone ? (Action)host.Return : host.Start)();
                    Say(host, isInMaintenance: true);
                });
            },
            End = () => Say(host, isInMaintenance: false),
            CanKnow = m => m != host,
            Hinders = m => m == host,
        }.Named(At(VerdictKind.HostMaintenance, host));
    }

    public static Incident Step(IncidentScene scene)
    {
        var (host, by) = (scene.Machine(), scene.One(scene.Between(20, 100), scene.Between(100, 5_000)));
        by = scene.Coin() ? by : -by;
        return new Incident(VerdictKind.ClockStep, $"{host.Name}, {by}", Duration.FromSeconds(4)) { Begin = () => host.Clock.Step(by) }
            .Named(At(VerdictKind.ClockStep, host));
    }

    public static Incident Drift(IncidentScene scene)
    {
        var (host, ppm) = (scene.Machine(), scene.Between(250.0, 480) * (scene.Coin() ? 1 : -1));
        return new Incident(VerdictKind.ClockDrift, $"{host.Name}, {ppm:0} ppm", scene.Between(30_000, 45_000))
        {
            Begin = () => host.Clock.DriftPpm = ppm,
            End = () => host.Clock.DriftPpm = 0,
        }.Named(At(VerdictKind.ClockDrift, host));
    }

    public static Incident Unsynchronised(IncidentScene scene)
    {
        var (host, by, pause) = (scene.Machine(), scene.Between(60, 2_000), scene.Between(500, 2_000));
        by = scene.Coin() ? by : -by;
        var incident = new Incident(VerdictKind.ClockUnsynchronised, $"{host.Name}, {by} after a start without a time daemon", pause + scene.Between(8_000, 12_000))
        {
            Begin = () =>
            {
                host.Vanish();
                host.SetSynchronised(false);
                host.Clock.Step(by);
                scene.World.Clock.After(pause, host.Return);
            },
            End = () =>
            {
                host.SetSynchronised(true);
                host.Clock.Step(-by);
            },
            Hinders = m => m == host,
            TellableAfter = pause,
        };
        // That it was away is true as well; and somebody sets the clock in the end.
        return incident.Named(At(VerdictKind.ClockUnsynchronised, host))
            .Forgiven(At(VerdictKind.HostStalled, host), At(VerdictKind.HostGone, host), At(VerdictKind.NodeUplink, host))
            .Forgiven(At(VerdictKind.HostRestarted, host), At(VerdictKind.ClockStep, host));
    }

    /// <summary>
    /// Somebody who looks on and is itself held up all the time. Everything that it says of itself is forgiven, and it need not know of anything else.
    /// </summary>
    public static Incident SickObserver(IncidentScene scene, Duration length)
    {
        var (kind, cause) = scene.One(
            (VerdictKind.HostCpuContention, StallCause.CpuContention),
            (VerdictKind.HostCpuContention, StallCause.CpuContention),
            (VerdictKind.HostCpuThrottled, StallCause.CpuThrottled),
            (VerdictKind.HostCpuSteal, StallCause.CpuSteal),
            (VerdictKind.HostIoPressure, StallCause.IoPressure),
            (VerdictKind.HostMemoryPressure, StallCause.MemoryPressure),
            (VerdictKind.HostRuntimePause, StallCause.RuntimePause),
            (VerdictKind.HostStalled, StallCause.Unknown));
        var host = scene.Machine();
        return new Incident(kind, $"{host.Name} sick, {cause}", length) { Begin = () => host.Hold(cause, length), Hinders = m => m == host }
            .Named(At(kind, host))
            .Forgiven(At(VerdictKind.HostStalled, host), At(VerdictKind.ObserverSick, host));
    }

    internal static Naming At(VerdictKind kind, Machine host) => new(kind, VerdictPlace.Host(host.Name));

    private static void Say(Machine host, bool isInMaintenance)
    {
        if (host.Agent is { } agent)
        {
            agent.Recorder.IsInMaintenance = isInMaintenance;
        }
    }
}
