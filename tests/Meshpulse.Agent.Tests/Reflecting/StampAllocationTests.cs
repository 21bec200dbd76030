using System.Net;
using Meshpulse.Agent.Reflecting;
using Meshpulse.Agent.Tests.Hosting;
using Meshpulse.Core.Probing.StampReflector;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Agent.Tests.Reflecting;

/// <summary>The reflector's thread on real sockets: once every path was walked, it allocates nothing.</summary>
public sealed class StampAllocationTests
{
    private const int WarmUp = 3_000;
    private const int Measured = 1_700;
    private const int Parts = 3;

    [Theory]
    [InlineData(StampMode.Unauthenticated)]
    [InlineData(StampMode.Authenticated)]
    public async Task Nothing_is_allocated_for_a_packet_a_reply_or_a_refusal(StampMode mode)
    {
        Assert.True(StampKey.TryParse("0011", out var key));
        await using var reflector = await StampReflectorService.StartAsync(
            new StampReflectorOptions
            {
                Listen = [NodeEndpoint.FromBytes([127, 0, 81, 1], 0)],
                Responder = new StampResponderOptions
                {
                    Mode = mode,
                    Keys = new StampKeyRing(key),
                    Limits = new() { SourceRate = 1_000_000, TotalRate = 1_000_000 },
                },
            },
            CancellationToken.None);
        var at = reflector.Endpoints[0];
        using var sender = new StampAsker(IPAddress.Parse("127.0.81.1"));
        Exchange(sender, at, mode, key, WarmUp);
        await Eventually.TrueAsync(() => reflector.AllocatedBytes > 0, "a turn");
        // As Allocations says, on a thread that is not ours: what the code itself allocates it allocates in every part.
        var least = long.MaxValue;
        for (var part = 0; part < Parts; part++)
        {
            var before = reflector.AllocatedBytes;
            Exchange(sender, at, mode, key, Measured);
            least = Math.Min(least, reflector.AllocatedBytes - before);
        }

        Assert.Equal(0, least);
        var counts = reflector.Counts;
        Assert.Equal((WarmUp + (Parts * Measured)) * 2, counts.Answered);
        Assert.True(counts.Decisions.Single(d => d.Key == StampDecision.TooShort).Value > 0, "no refusal: the measurement misses a path");
        Assert.True(counts.SendStamps > 0 && counts.KernelStamps > 0, $"no stamps: {counts}");
    }

    /// <summary>Plain requests and such with a Follow-Up and a CoS TLV, that change the DSCP of the replies to and fro; and what is refused.</summary>
    private static void Exchange(StampAsker sender, NodeEndpoint at, StampMode mode, in StampKey key, int rounds)
    {
        Span<byte> request = stackalloc byte[256];
        for (var i = 0; i < rounds; i++)
        {
            var length = StampWire.WriteRequest(request, mode, new StampSenderPacket((uint)i, default, StampErrorEstimate.Unknown, (ushort)(1 + (i % 50))));
            if (mode == StampMode.Authenticated)
            {
                StampMac.SignPacket(key, request);
            }

            var tlvs = new StampTlvWriter(request[length..]);
            tlvs.AddFollowUp();
            tlvs.AddClassOfService(46);
            tlvs.AddHmac(key, (uint)i);
            sender.Send(request[..5], at);
            _ = sender.Ask(request[..length], at);
            Assert.Equal(length + tlvs.Length, sender.Ask(request[..(length + tlvs.Length)], at).Length);
        }
    }
}
