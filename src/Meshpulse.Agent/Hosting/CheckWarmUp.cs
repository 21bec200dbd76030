using Meshpulse.Core.Checks;
using Meshpulse.Core.Config;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Probing.Ping;
using Meshpulse.Core.Probing.UdpPing;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Hosting;

/// <summary>
/// Walks the probing thread's paths once before anything is measured. A method that runs for the first time is compiled first, which
/// takes milliseconds: they would be in the first latencies, our own and those that others measure against our reflector. So a node
/// with sockets of its own pings a reflector of its own on the loopback, and nobody listens to what it finds.
/// </summary>
internal static class CheckWarmUp
{
    private const int Rounds = 40;

    /// <summary>Takes some ten milliseconds; does nothing where there is no IPv4 loopback.</summary>
    public static void Run()
    {
        try
        {
            using var waking = new Poller(8);
            using var reflector = ReflectorSocket.Open(NodeEndpoint.FromBytes([127, 0, 0, 1], 0));
            using var sockets = new CheckSockets(waking, static _ => false);
            Exchange(sockets, reflector);
        }
        catch (SocketSetupException)
        {
            // The first figures are a little late then.
        }
    }

    private static void Exchange(CheckSockets sockets, ReflectorSocket reflector)
    {
        var responder = new UdpPingResponder(new ReflectorLimits { Sources = 4 }, seed: 1);
        var interval = Duration.FromMilliseconds(25);
        var now = SystemClocks.Mono();
        var node = new CheckNode(sockets, new Deaf(), new SplitMix64(1), now);
        node.Add(new CheckProbe(1, new ProbeSettings(CheckKind.UdpPing, interval, interval * 4, 18, 0)), reflector.Local, now);
        for (var i = 0; i < Rounds; i++)
        {
            // The node takes whatever time it is told.
            now += interval;
            while (node.TrySendNext(now))
            {
            }

            reflector.Serve(responder);
            sockets.Look(node, SystemClocks.Pair());
        }

        sockets.CountDrops();
        node.Remove(1);
    }

    private sealed class Deaf : ICheckObserver
    {
        public void OnSent(int probe, in SendSlot slot)
        {
        }

        public void OnUnsent(int probe, UnsentCause cause, long count, int error)
        {
        }

        public void OnDecided(int probe, in PingDecision decision, int error)
        {
        }

        public void OnIcmpError(int probe, int error)
        {
        }

        public void OnStray(StrayKind kind, NodeEndpoint from)
        {
        }
    }
}
