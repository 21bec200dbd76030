using System.Collections.Concurrent;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Hosting;

/// <summary>The heartbeat mesh's part of the probing thread: the node and its sockets.</summary>
internal sealed class MeshDriver : IDisposable
{
    private readonly ConcurrentQueue<(int Server, IReadOnlyList<NodeEndpoint> Addresses)> _resolved = new();

    /// <summary>Takes the listening port.</summary>
    /// <exception cref="SocketSetupException">The port is in use, or the address is not this host's.</exception>
    public MeshDriver(MeshOptions mesh, ProbeEngineOptions options, IMeshObserver observer)
    {
        Transport = new SocketTransport(mesh, options.Resolve);
        Node = new MeshNode(mesh, Transport, observer, new SplitMix64(options.Seed), SystemClocks.Pair());
        foreach (var (host, endpoint) in options.Servers)
        {
            Node.AddServer(host, endpoint);
        }
    }

    public MeshNode Node { get; }

    public SocketTransport Transport { get; }

    /// <summary>A name was looked up; from any thread.</summary>
    public void OnResolved(int server, IReadOnlyList<NodeEndpoint> addresses) => _resolved.Enqueue((server, addresses));

    /// <summary>One turn: reads what came, decides, sends what is due with the clock read for each heartbeat.</summary>
    public void Turn(ClockPairing now)
    {
        Transport.Look(Node, now);
        while (_resolved.TryDequeue(out var answer))
        {
            Node.OnResolved(answer.Server, answer.Addresses, SystemClocks.Pair());
        }

        Node.Poll(SystemClocks.Pair());
        while (Node.TrySendNext(SystemClocks.Pair()))
        {
        }
    }

    public void Dispose() => Transport.Dispose();
}
