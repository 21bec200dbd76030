using Meshpulse.Agent.Hosting;
using Meshpulse.Agent.Reflecting;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Probing.StampReflector;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Paths;

/// <summary>
/// Walks the code of the paths once before anything is measured, as the checks' warm-up does: what is compiled on the probing thread keeps the
/// heartbeats of the mesh waiting. A node with sockets of its own asks a reflector of its own on the loopback.
/// </summary>
internal static class PathWarmUp
{
    private const int Rounds = 60;

    /// <summary>Takes some ten milliseconds, on any thread; does nothing where there is no IPv4 loopback.</summary>
    /// <param name="sockets">Of the kind that is going to be used; not in use.</param>
    public static void Run(IPathSockets sockets)
    {
        try
        {
            var options = new StampResponderOptions { Sessions = 16 };
            using var reflector = StampReflectorSocket.Open(NodeEndpoint.FromBytes([127, 0, 0, 1], 0), options);
            Exchange(sockets, reflector, new StampResponder(options, seed: 1));
        }
        catch (SocketSetupException)
        {
            // The first probes are a little late then.
        }
    }

    private static void Exchange(IPathSockets sockets, StampReflectorSocket reflector, StampResponder responder)
    {
        var settings = new PathSettings { Flows = 2, Interval = Duration.FromMilliseconds(25) };
        // A queue that nobody reads: the way into it is walked too.
        var outbox = new PathOutbox(new CheckOutbox(new SpscRing<Sample>(1)), capacity: 1);
        var now = SystemClocks.Pair();
        var node = new PathNode(sockets, outbox, new SplitMix64(1), now.Mono);
        node.Add(1, settings, reflector.Local, now.Mono);
        for (var i = 0; i < Rounds; i++)
        {
            // The node takes whatever time it is told.
            now = new ClockPairing(now.Mono + settings.Interval, now.Wall + settings.Interval);
            while (node.TrySendNext(now))
            {
            }

            reflector.Serve(responder);
            sockets.Look(node, SystemClocks.Pair());
            while (node.TryEndWindow(now.Mono))
            {
            }
        }

        sockets.CountDrops();
        node.Remove(1);
    }
}
