using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Checks;
using Meshpulse.Core.Config;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.UdpPing;

namespace Meshpulse.Agent.Tests.Hosting;

/// <summary>The probing thread with checks and a reflector, on real sockets: once every path was walked, it allocates nothing.</summary>
public sealed class CheckAllocationTests
{
    private const long WarmUp = 4_000;
    private const long Measured = 10_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    [Fact]
    public void Probing_thread_allocates_nothing_per_probe_answer_or_loss()
    {
        var reflector = NodeEndpoint.FromBytes([127, 0, 78, 1], 14277);
        var outbox = new ProbeOutbox();
        using var engine = new ProbeEngine(new ProbeEngineOptions { Checks = new CheckDriverOptions { Reflector = reflector }, Seed = 3 }, outbox);
        // Two that answer, one of them with padding; one whose host says that nobody listens; one that is never sent.
        Add(engine, 1, reflector, payload: 18);
        Add(engine, 2, reflector, payload: 800);
        Add(engine, 3, NodeEndpoint.FromBytes([127, 0, 78, 2], 14277), payload: 18);
        Add(engine, 4, null, payload: 18);
        Add(engine, 5, NodeEndpoint.FromBytes([127, 0, 78, 1], 0), payload: 56, CheckKind.Icmp);
        engine.Start();

        var answered = new Dictionary<SampleKind, long>();
        Await(engine, outbox, answered, () => engine.Checks!.Responder.CountOf(UdpPingDecision.Answer) > WarmUp && answered.GetValueOrDefault(SampleKind.ProbeLost) > 100);
        // While hot code is compiled anew the runtime may allocate something once; what the code itself allocates it allocates in every part.
        var least = long.MaxValue;
        for (var part = 0; part < 3; part++)
        {
            var allocated = engine.AllocatedBytes;
            var goal = engine.Checks!.Responder.CountOf(UdpPingDecision.Answer) + (Measured / 3);
            Await(engine, outbox, answered, () => engine.Checks.Responder.CountOf(UdpPingDecision.Answer) > goal);
            least = Math.Min(least, engine.AllocatedBytes - allocated);
        }

        Assert.Equal(0, least);
        Assert.All(
            [SampleKind.ProbeSent, SampleKind.ProbeAnswered, SampleKind.ProbeLost, SampleKind.ProbeUnsentUnresolved, SampleKind.ProbeIcmpError],
            kind => Assert.True(answered.GetValueOrDefault(kind) > 0, $"no {kind}: the measurement misses a path"));
        Assert.True(engine.Stamps.Kernel > 0, "nothing was stamped");
        // Two counts of one arrival are the same where no more come meanwhile.
        engine.Stop();
        Assert.True(SpinWait.SpinUntil(() => engine.Ended.IsCompletedSuccessfully, s_patience), "the probing thread goes on");
        Assert.Equal(engine.Stamps.Kernel, engine.Checks!.Traffic.ReadDelays.Count);
        Assert.True(engine.Checks.ReflectorDelays.Count > Measured, $"{engine.Checks.ReflectorDelays.Count}");
        Assert.True(engine.Checks.Traffic.SendCalls.Delays.Count > Measured / 100, $"{engine.Checks.Traffic.SendCalls.Delays.Count}");
    }

    private static void Add(ProbeEngine engine, int id, NodeEndpoint? target, int payload, CheckKind kind = CheckKind.UdpPing)
    {
        var probe = new CheckProbe(id, new ProbeSettings(kind, Duration.FromMilliseconds(1), Duration.FromMilliseconds(200), payload, 0));
        engine.Checks!.Post(node => node.Add(probe, target, SystemClocks.Mono()));
    }

    private static void Await(ProbeEngine engine, ProbeOutbox outbox, Dictionary<SampleKind, long> seen, Func<bool> reached) =>
        Assert.True(
            SpinWait.SpinUntil(
                () =>
                {
                    Thread.Sleep(1);
                    while (outbox.Samples.TryRead(out var sample))
                    {
                        seen[sample.Kind] = seen.GetValueOrDefault(sample.Kind) + 1;
                    }

                    return engine.Ended.IsCompleted ? throw new InvalidOperationException("The probing thread ended.", engine.Ended.Exception) : reached();
                },
                s_patience),
            $"did not get there in time: {string.Join(' ', seen)}");
}
