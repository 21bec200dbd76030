using Meshpulse.Agent.Hosting;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Hosting;

/// <summary>What the probing thread says of its own lateness, where it runs checks alone.</summary>
public sealed class CheckWakeTests
{
    [Fact]
    public void No_wake_up_is_later_than_the_thread_is_old()
    {
        var began = SystemClocks.Mono();
        var outbox = new ProbeOutbox();
        var checks = new CheckDriverOptions { Reflector = NodeEndpoint.FromBytes([127, 0, 78, 4], 14279) };
        using var engine = new ProbeEngine(new ProbeEngineOptions { Checks = checks, Seed = 3 }, outbox);
        engine.Start();

        var wakeUps = new List<Sample>();
        var reached = SpinWait.SpinUntil(
            () =>
            {
                Thread.Sleep(1);
                while (outbox.Samples.TryRead(out var sample))
                {
                    wakeUps.Add(sample);
                }

                return wakeUps.Count >= 3;
            },
            TimeSpan.FromSeconds(60));
        var age = SystemClocks.Mono() - began;
        Assert.True(reached, "it did not wake");
        Assert.All(wakeUps, sample => Assert.Equal(SampleKind.Woke, sample.Kind));
        Assert.All(wakeUps, sample => Assert.True(sample.A <= age, $"{sample.A} late, {age} after its start"));
    }
}
