using Meshpulse.Core.Config;
using Meshpulse.Core.Probing.UdpPing;
using Meshpulse.Core.Time;
using Meshpulse.Sim.Hosts;
using Meshpulse.Sim.Network;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.UdpPing;

namespace Meshpulse.Sim.Tests.Checks;

/// <summary>What a reflector can be turned into by those who forge: nothing.</summary>
public class ReflectorTests
{
    [Fact]
    public void Two_reflectors_never_play_ping_pong()
    {
        for (var seed = 1; seed <= 50; seed++)
        {
            var checks = new SimChecks(seed);
            var (a, b) = (checks.Reflect(1), checks.Reflect(2));
            checks.Datagrams.Faults = checks.AnyFaults(5) with { Loss = 0 };
            var requests = 0;
            for (var i = 0; i < 200; i++)
            {
                var request = Ping(checks, out var isRequest);
                requests += isRequest ? 1 : 0;
                // Each as if from the other's port.
                checks.Datagrams.Send(i % 2 == 0 ? a.Self : b.Self, i % 2 == 0 ? b.Self : a.Self, request);
            }

            checks.Clock.Run(Duration.FromSeconds(5));
            var answers = Count(a, UdpPingDecision.Answer) + Count(b, UdpPingDecision.Answer);
            var responses = Count(a, UdpPingDecision.Response) + Count(b, UdpPingDecision.Response);
            // What the network doubled is answered twice; nothing else is, and no answer is answered.
            Assert.InRange(answers, requests, requests + checks.Datagrams.Doubled);
            Assert.InRange(responses, answers, 200 - requests + answers + checks.Datagrams.Doubled);
            Assert.Equal(200 + answers + checks.Datagrams.Doubled, Total(a) + Total(b));
        }
    }

    [Fact]
    public void A_request_forged_in_the_name_of_a_reflector_ends_after_one_step()
    {
        var checks = new SimChecks(seed: 1);
        var (a, b) = (checks.Reflect(1), checks.Reflect(2));
        var request = new byte[UdpPingWire.Length];
        UdpPingWire.WriteRequest(request, 7);
        checks.Datagrams.Send(b.Self, a.Self, request);
        // In its own name too.
        checks.Datagrams.Send(a.Self, a.Self, request);
        checks.Clock.Run(Duration.FromSeconds(1));
        Assert.Equal((2, 0), (a.Answers.Count, b.Answers.Count));
        Assert.Equal((1L, 1L), (Count(a, UdpPingDecision.Response), Count(b, UdpPingDecision.Response)));
    }

    [Fact]
    public void Answers_that_were_forged_in_a_targets_name_decide_nothing_without_knowing_the_port_and_the_number()
    {
        for (var seed = 1; seed <= 30; seed++)
        {
            var checks = new SimChecks(seed);
            checks.Reflect(1);
            checks.Host.Add(1, SimChecks.Settings(CheckKind.UdpPing, SimChecks.Milliseconds(10), SimChecks.Milliseconds(500)), SimChecks.Target(1));
            for (var i = 0; i < 500; i++)
            {
                checks.Clock.Run(SimChecks.Milliseconds(4));
                var response = new byte[UdpPingWire.Length];
                UdpPingWire.WriteResponse(response, checks.Random.Next());
                checks.Datagrams.Send(SimChecks.Target(checks.Between(1, 2)), SimChecks.Self.WithPort(checks.Between(20_000, 20_005)), response);
            }

            checks.Finish();
            checks.AssertExact();
            Assert.Equal(0, checks.Host.Ledger[1].Lost);
            Assert.True(checks.Host.Ledger.Astray > 10, $"seed {seed}: nothing forged came");
        }
    }

    [Fact]
    public void A_responder_never_answers_more_than_its_limits_in_any_stretch_of_time()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var checks = new SimChecks(seed);
            var limits = new ReflectorLimits
            {
                SourceRate = checks.Between(1, 300),
                SourceBurst = checks.Between(1, 50),
                TotalRate = checks.Between(10, 1_000),
                TotalBurst = checks.Between(1, 100),
                Sources = 64,
            };
            var reflector = checks.Reflect(1, limits);
            checks.Datagrams.Faults = checks.AnyFaults(20);
            for (var i = 0; i < 4_000; i++)
            {
                // From a few, more than a set of the table holds at times, and at once after a stall.
                checks.Datagrams.Send(NodeEndpoint.FromBytes([10, 9, 0, (byte)checks.Between(1, 8)], checks.Between(1, 65_535)), reflector.Self, Ping(checks, out _));
                checks.Clock.Run(new Duration(checks.Random.Below(2_000_000)));
                if (checks.Random.Below(400) == 0)
                {
                    reflector.Stall(SimChecks.Milliseconds(checks.Between(1, 500)));
                }
            }

            checks.Clock.Run(Duration.FromSeconds(2));
            Assert.True(reflector.Answers.Count > 5, $"seed {seed}: {reflector.Answers.Count} answers");
            Assert.Equal(0, reflector.Responder.Evictions);
            AssertWithin(reflector.Answers.ConvertAll(a => a.At), limits.TotalRate, limits.TotalBurst, seed);
            foreach (var source in reflector.Answers.GroupBy(a => a.Source.WithPort(0)))
            {
                AssertWithin([.. source.Select(a => a.At)], limits.SourceRate, limits.SourceBurst, seed);
            }
        }
    }

    /// <summary>
    /// In any stretch of time, both ends included, at most the burst and the rate's share: from any answer to any later one the count grows by
    /// no more than that beyond the rate.
    /// </summary>
    private static void AssertWithin(List<MonoTime> answers, long rate, int burst, int seed)
    {
        var lowest = Int128.MaxValue;
        for (var i = 0; i < answers.Count; i++)
        {
            var ahead = ((Int128)i * 1_000_000_000) - ((Int128)answers[i].Nanoseconds * rate);
            lowest = Int128.Min(lowest, ahead);
            Assert.True(ahead - lowest + 1_000_000_000 <= (Int128)burst * 1_000_000_000, $"seed {seed}: too many answers up to {answers[i]}");
        }
    }

    private static byte[] Ping(SimChecks checks, out bool isRequest)
    {
        var bytes = new byte[checks.Between(UdpPingWire.Length, 60)];
        isRequest = checks.Random.Below(3) > 0;
        _ = isRequest ? UdpPingWire.WriteRequest(bytes, checks.Random.Next(), bytes.Length) : UdpPingWire.WriteResponse(bytes, checks.Random.Next(), bytes.Length);
        return bytes;
    }

    private static long Count(SimReflector reflector, UdpPingDecision decision) => reflector.Responder.CountOf(decision);

    private static long Total(SimReflector reflector) => Enum.GetValues<UdpPingDecision>().Sum(reflector.Responder.CountOf);
}
