using System.Net;
using Meshpulse.Agent.Reflecting;
using Meshpulse.Agent.Tests.Hosting;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Agent.Tests.Reflecting;

/// <summary>What the IP header of a reply says.</summary>
public sealed class StampReplyMarkingTests
{
    private const int AskedFor = 46;

    private readonly UdpBatch _batch = new(4);

    [Theory]
    [InlineData("127.0.82.9")]
    [InlineData("::1")]
    public async Task A_reply_has_the_requests_DSCP_or_the_one_asked_for_and_255_hops_to_live(string host)
    {
        var local = NodeEndpoint.From(IPAddress.Parse(host), 0);
        await using var reflector = await StampReflectorService.StartAsync(new StampReflectorOptions { Listen = [local] }, CancellationToken.None);
        using var sender = UdpSocket.Open(local, UdpOptions.Probe);
        foreach (var (dscp, asks, expected) in new[] { (0, false, 0), (18, false, 18), (18, true, AskedFor), (18, false, 18), (0, false, 0), (0, true, AskedFor), (46, false, 46) })
        {
            Assert.Equal(Errno.None, sender.SetTypeOfService((dscp << 2) | 1));
            Assert.True(sender.SendTo(Request(asks), reflector.Endpoints[0]).Ok);
            await Eventually.TrueAsync(() => sender.ReceiveBatch(_batch).Ok, "a reply");
            // Without the request's ECN: a reply is another packet on another way.
            Assert.Equal((expected << 2, 255), (_batch[0].TypeOfService, _batch[0].TimeToLive));
            if (asks)
            {
                Assert.Equal(StampError.None, StampReflectorView.TryCreate(_batch.Bytes(0), StampMode.Unauthenticated, out var view));
                Assert.True(StampClassOfService.TryRead(view.Tlvs[4..], out var seen));
                Assert.Equal(new StampClassOfService(AskedFor, dscp, 1, 0), seen);
            }
        }
    }

    private static byte[] Request(bool asks)
    {
        var tlv = new byte[8];
        new StampTlvWriter(tlv).AddClassOfService(AskedFor);
        return StampAsker.Request(0, 1, more: asks ? tlv : []);
    }
}
