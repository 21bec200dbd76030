using System.Net;
using System.Net.Sockets;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Heartbeat;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Hosting;

/// <summary>Connections in masses, and peers that stop to read, to speak or to exist.</summary>
public class ConnectionAttackTests
{
    [Fact]
    public async Task Ten_thousand_connections_from_one_address_hold_a_few_places()
    {
        await using var mesh = await TestMesh.StartAsync();
        var (victim, source) = (mesh.Victim, LoopbackAddresses.Next());
        var (accepted, refused) = (victim.Counters.Accepted, victim.Refused(RefusalReason.TooManyPending));
        for (var wave = 1; wave <= 20; wave++)
        {
            var sockets = Enumerable.Range(0, 500).Select(_ => Connect(victim.Self, source)).ToList();
            await Eventually.TrueAsync(() => Taken() == 500 * wave, () => $"wave {wave}: {Taken()} {mesh}");
            // Two peers, the newcomer, the listener, and what one address may have pending; the last one refused may be on its way out.
            await Eventually.TrueAsync(() => SocketTable.CountAt(victim.Self) <= 4 + victim.Options.MaxPendingPerAddress, mesh.ToString);
            if (wave == 10)
            {
                // From elsewhere a node still gets in, whatever this one address does.
                using var other = await mesh.JoinAsync();
                await Eventually.TrueAsync(() => other.Heartbeats > 10, "the newcomer is sent heartbeats");
            }

            sockets.ForEach(Reset);
        }

        Assert.InRange(victim.Counters.Accepted - accepted, 32, 20 * 32 * 2);
        await mesh.AssertUnharmedAsync();

        long Taken() => victim.Counters.Accepted - accepted + victim.Refused(RefusalReason.TooManyPending) - refused
            - (victim.Seen.Events.Any(e => e.Kind == MeshEventKind.ReceivedConnection && mesh.Agents.TrueForAll(a => a.Self != e.Node)) ? 1 : 0);
    }

    [Fact]
    public async Task Port_scans_leave_nothing_behind()
    {
        await using var mesh = await TestMesh.StartAsync();
        var (victim, source) = (mesh.Victim, LoopbackAddresses.Next());
        var before = victim.Counters.Accepted + victim.Refused(RefusalReason.TooManyPending);
        for (var i = 0; i < 1500; i++)
        {
            var socket = Connect(victim.Self, source);
            switch (i % 3)
            {
                case 0:
                    Reset(socket);
                    break;
                case 1:
                    socket.Dispose();
                    break;
                default:
                    socket.Shutdown(SocketShutdown.Send);
                    socket.Dispose();
                    break;
            }

            // Not more at once than the backlog holds: beyond it the kernel forgets who came and went.
            if (i % 500 == 499)
            {
                var seen = i + 1;
                await Eventually.TrueAsync(() => victim.Counters.Accepted + victim.Refused(RefusalReason.TooManyPending) - before == seen, mesh.ToString);
            }
        }

        await mesh.AssertUnharmedAsync();
    }

    [Fact]
    public async Task A_peer_that_stops_reading_is_let_go()
    {
        await using var mesh = await TestMesh.StartAsync(options: o => o with { PingInterval = Duration.FromMilliseconds(1), SilenceLimit = Duration.FromSeconds(3) });
        var self = LoopbackAddresses.Next();
        using var peer = await RawPeer.CallAsync(mesh.Victim.Self, self.ToIPAddress(), reads: false, receiveBuffer: 32 * 1024);
        peer.Hello(self);
        peer.StartBeating();

        await Eventually.TrueAsync(() => mesh.Victim.Seen.Count(MeshEventKind.PeerLeft, self) == 1, mesh.ToString);
        // Silent as well, by now: a kernel whose receive buffer is full drops segments whole, with the acknowledgements in
        // them for which the peer's own heartbeats wait. Which of the two is seen first is the kernel's business.
        Assert.Contains(mesh.Victim.Seen.Events.Single(e => e.Kind == MeshEventKind.PeerLeft).Close, new[] { CloseReason.NotReading, CloseReason.Silent });
        Assert.True(mesh.Victim.Of(self, s => s.UnsentBackpressure) > 100);
        await mesh.AssertUnharmedAsync();
    }

    [Fact]
    public async Task Peers_that_close_half_or_reset_or_vanish_are_closed()
    {
        await using var mesh = await TestMesh.StartAsync(options: o => o with { SilenceLimit = Duration.FromSeconds(3) });
        var (half, reset, mute) = (LoopbackAddresses.Next(), LoopbackAddresses.Next(), LoopbackAddresses.Next());
        using var halfPeer = await mesh.JoinAsync(half);
        using var resetPeer = await mesh.JoinAsync(reset);
        using var mutePeer = await mesh.JoinAsync(mute, isBeating: false);
        halfPeer.ShutdownSend();
        resetPeer.Reset();

        foreach (var (node, reason) in new[] { (half, CloseReason.EndOfStream), (reset, CloseReason.Reset), (mute, CloseReason.Silent) })
        {
            await Eventually.TrueAsync(() => mesh.Victim.Seen.Count(MeshEventKind.PeerLeft, node) == 1, mesh.ToString);
            Assert.Equal(reason, mesh.Victim.Seen.Events.Single(e => e.Kind == MeshEventKind.PeerLeft && e.Node == node).Close);
        }

        Assert.Equal(RawEnd.Closed, await halfPeer.Ended.WaitAsync(Eventually.Hang));
        Assert.Equal(RawEnd.Reset, await mutePeer.Ended.WaitAsync(Eventually.Hang));
        // The silence was told before the end of it, and as a gap that had not ended.
        Assert.True(mesh.Victim.Seen.Count(MeshEventKind.Silent, mute) >= 1);
        Assert.Contains(mesh.Victim.Seen.Gaps, g => g.Node == mute && !g.Gap.Ended);
        await mesh.AssertUnharmedAsync();
    }

    [Fact]
    public async Task A_flood_of_heartbeats_is_refused()
    {
        await using var mesh = await TestMesh.StartAsync();
        var frames = new byte[5000 * HeartbeatWire.EmptyPing];
        for (var at = 0; at < frames.Length; at += HeartbeatWire.EmptyPing)
        {
            HeartbeatWire.WritePing(frames.AsSpan(at), at);
        }

        using var peer = await mesh.JoinAsync(isBeating: false);
        await Task.Run(() =>
        {
            while (peer.Send(frames))
            {
            }
        }).WaitAsync(Eventually.Hang);
        Assert.Equal(1, mesh.Victim.Refused(RefusalReason.Flood));
        await mesh.AssertUnharmedAsync();
    }

    private static Socket Connect(NodeEndpoint target, NodeEndpoint source)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(source.ToIPAddress(), 0));
        try
        {
            socket.Connect(new IPEndPoint(target.ToIPAddress(), target.Port));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // It stood, and was refused before this thread came round to hear of it.
        }

        return socket;
    }

    private static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
    }
}
