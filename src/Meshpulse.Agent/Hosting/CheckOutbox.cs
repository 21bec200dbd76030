using Meshpulse.Core.Checks;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Probing.Ping;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Hosting;

/// <summary>What leaves the probing thread on behalf of the checks.</summary>
internal sealed class CheckOutbox(SpscRing<Sample> samples) : ICheckObserver
{
    private readonly long[] _strays = new long[(int)StrayKind.Malformed + 1];

    /// <summary>The first strays after each look of the collector; a flood of them is no news.</summary>
    public SpscRing<(StrayKind Kind, NodeEndpoint From)> Strays { get; } = new(16);

    /// <summary>All of them; may be read from any thread.</summary>
    public long CountOf(StrayKind kind) => Volatile.Read(ref _strays[(int)kind]);

    public void OnSent(int probe, in SendSlot slot) =>
        samples.Write(new Sample(SampleKind.ProbeSent, probe, slot.SinceLast ?? Sample.NoInterval, slot.Lateness));

    public void OnUnsent(int probe, UnsentCause cause, long count, int error)
    {
        var kind = cause switch
        {
            UnsentCause.Late => SampleKind.ProbeUnsentLate,
            UnsentCause.Backpressure => SampleKind.ProbeUnsentBackpressure,
            UnsentCause.Refused => SampleKind.ProbeUnsentRefused,
            _ => SampleKind.ProbeUnsentUnresolved,
        };
        samples.Write(new Sample(kind, probe, new Duration(count), new Duration(error)));
    }

    public void OnDecided(int probe, in PingDecision decision, int error)
    {
        var kind = decision.Outcome switch
        {
            PingOutcome.Answered => decision.TakesBackLoss ? SampleKind.ProbeAnsweredAfterLoss : SampleKind.ProbeAnswered,
            PingOutcome.Late => decision.TakesBackLoss ? SampleKind.ProbeLateAfterLoss : SampleKind.ProbeLate,
            PingOutcome.Lost => SampleKind.ProbeLost,
            PingOutcome.Duplicate => SampleKind.ProbeDuplicate,
            _ => SampleKind.ProbeUnknown,
        };
        var a = kind == SampleKind.ProbeLost ? new Duration(error) : decision.Latency;
        samples.Write(new Sample(kind, probe, a, new Duration(decision.DecidedAt.Nanoseconds)));
    }

    public void OnIcmpError(int probe, int error) => samples.Write(new Sample(SampleKind.ProbeIcmpError, probe, new Duration(error), default));

    public void OnStray(StrayKind kind, NodeEndpoint from)
    {
        Volatile.Write(ref _strays[(int)kind], _strays[(int)kind] + 1);
        Strays.Write((kind, from));
    }
}
