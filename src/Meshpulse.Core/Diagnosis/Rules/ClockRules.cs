using Meshpulse.Core.Diagnosis.Views;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Rules;

/// <summary>Steps, drift and the want of synchronisation of wall clocks: told by the host itself where it can, else by what its peers agree on.</summary>
internal sealed class ClockRules(FleetView fleet)
{
    private static readonly Duration s_memory = Duration.FromMilliseconds(2_000);
    private static readonly Duration s_offFloor = Duration.FromMilliseconds(5);

    public IEnumerable<Suspicion> Judge()
    {
        foreach (var name in fleet.Names)
        {
            if (OfStep(name) is { } step)
            {
                yield return step;
            }
            else if (OfUnsynchronised(name) is { } off)
            {
                yield return off;
            }
            else if (OfDrift(name) is { } drift)
            {
                yield return drift;
            }
        }
    }

    private Suspicion? OfStep(string name)
    {
        var evidence = new List<VerdictEvidence>();
        MonoTime? at = null;
        if (fleet.Node(name) is { } node)
        {
            foreach (var (_, until, window) in node.Windows)
            {
                if (window.ClockStep.Abs() >= fleet.Settings.ClockStepFloor && until > fleet.Now - s_memory)
                {
                    evidence.Add(new VerdictEvidence(name, "its own clock moved against its monotonic one by", Round(window.ClockStep), "ms", 0));
                    at ??= until - window.Length;
                }
            }
        }

        var own = evidence.Count > 0;
        var (asked, agree) = (0, 0);
        foreach (var pair in fleet.SightsOf(name))
        {
            asked++;
            if (StepSeen(pair, ClockSide.Remote) is { } seen)
            {
                agree++;
                at ??= seen.At;
                evidence.Add(new VerdictEvidence(pair.Observer, $"offset of {name} changed by", Round(seen.Change), "ms", 0));
            }
        }

        return at is { } from && (own || (agree * 2 > asked && agree > 0))
            ? HostRules.OnHost(VerdictKind.ClockStep, name, from, from, own ? 0.97 : asked > 1 ? 0.9 : 0.7) with
            {
                Evidence = evidence,
                IsCertain = own || agree > 1,
            }
            : null;
    }

    private (MonoTime At, Duration Change)? StepSeen(PairView pair, ClockSide side)
    {
        if (!(pair.LastStep > fleet.Now - s_memory))
        {
            return null;
        }

        foreach (var sight in pair.After(fleet.Now - s_memory))
        {
            if (sight.Peer.Path?.Step is { } step && step.Side == side && step.OffsetChange.Abs() >= fleet.Settings.ClockStepFloor)
            {
                return (sight.Until, step.OffsetChange);
            }
        }

        return null;
    }

    /// <summary>A clock that runs away from all others: proven where intervals of the offset at two times can't both hold without it.</summary>
    private Suspicion? OfDrift(string name)
    {
        var (asked, agree, fastest, since) = (0, 0, 0.0, fleet.Now);
        foreach (var pair in fleet.SightsOf(name))
        {
            if (pair.Offsets.Drift(fleet.Settings.DriftFloorPpm) is not { } drift)
            {
                continue;
            }

            if (Math.Abs(drift.Ppm) < fleet.Settings.DriftFloorPpm)
            {
                // Over a long way nothing can be proven, and nothing disproven.
                asked += drift.IsSteady ? 1 : 0;
                continue;
            }

            asked++;
            agree++;
            fastest = Math.Abs(drift.Ppm) > Math.Abs(fastest) ? drift.Ppm : fastest;
            since = MonoTime.Min(since, drift.Since);
        }

        return asked >= 2 && agree * 4 >= asked * 3
            ? HostRules.OnHost(VerdictKind.ClockDrift, name, since, fleet.Now, 0.8) with
            {
                Evidence = [new VerdictEvidence(fleet.Self, $"{name} runs away from {agree} of {asked} others by at least", Math.Round(fastest), "ppm", 0)],
            }
            : null;
    }

    private Suspicion? OfUnsynchronised(string name)
    {
        if (fleet.Node(name)?.Host?.IsClockSynchronised != false)
        {
            return null;
        }

        if (OfDrift(name) is { } drift)
        {
            return drift with { What = VerdictKind.ClockUnsynchronised, Confidence = 0.9 };
        }

        var synchronised = fleet.SightsOf(name).Where(p => fleet.Node(p.Observer)?.Host?.IsClockSynchronised == true).ToList();
        var off = synchronised.Where(p => IsOff(p.Last?.Peer.Path?.Offset)).ToList();
        return off.Count >= 2 && off.Count * 2 > synchronised.Count
            ? HostRules.OnHost(VerdictKind.ClockUnsynchronised, name, fleet.Now, fleet.Now, 0.85) with
            {
                Evidence = [.. off.Take(3).Select(p => new VerdictEvidence(p.Observer, $"{name} is off by", Round(p.Last!.Value.Peer.Path!.Offset.Middle!.Value), "ms", 0))],
            }
            : null;
    }

    private static bool IsOff(OffsetInterval? offset) =>
        offset is { IsBounded: true, IsContradiction: false } known && (known.Low >= s_offFloor || known.High <= -s_offFloor);

    private static double Round(Duration value) => Math.Round(value.Milliseconds, 2);
}
