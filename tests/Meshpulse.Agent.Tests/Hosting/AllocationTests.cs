using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Hosting;

/// <summary>
/// The probing thread with real sockets: once the mesh stands and every path was walked, it allocates nothing. The lists that
/// nodes refresh every half second or so are part of that.
/// </summary>
public sealed class AllocationTests
{
    private const int Nodes = 4;
    private const long WarmUp = 3_000;
    private const long Measured = 9_000;
    private const int Parts = 3;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    [Fact]
    public void Probing_thread_allocates_nothing_per_heartbeat()
    {
        var engines = Enumerable.Range(1, Nodes).Select(Start).ToList();
        try
        {
            Await(engines, e => e.Mesh!.Node.Counters is { HeartbeatsReceived: > WarmUp, HeartbeatsSent: > WarmUp } && Peers(e) == Nodes - 1);
            // While hot code is compiled anew the runtime may allocate something once; what the code itself allocates it allocates in every part.
            var least = engines.ConvertAll(_ => long.MaxValue);
            for (var part = 0; part < Parts; part++)
            {
                var before = engines.ConvertAll(e => (e.AllocatedBytes, Counters(e).Connects, Counters(e).HeartbeatsReceived, Counters(e).ListsRead));
                Await(engines, e => Counters(e).HeartbeatsReceived > before[engines.IndexOf(e)].HeartbeatsReceived + (Measured / Parts)
                    && Counters(e).ListsRead > before[engines.IndexOf(e)].ListsRead);
                for (var i = 0; i < Nodes; i++)
                {
                    Assert.Equal(before[i].Connects, Counters(engines[i]).Connects);
                    least[i] = Math.Min(least[i], engines[i].AllocatedBytes - before[i].AllocatedBytes);
                }
            }

            Assert.All(least, allocated => Assert.Equal(0, allocated));
        }
        finally
        {
            engines.ForEach(e => e.Dispose());
        }
    }

    private static ProbeEngine Start(int number)
    {
        // Each node is told of the first: a list names the others.
        var mesh = new MeshOptions
        {
            Self = Endpoint(number),
            PingInterval = Duration.FromMilliseconds(2),
            ReportInterval = Duration.FromSeconds(1),
            // A gap is an event and costs one; a busy machine makes them at will.
            GapThreshold = Duration.FromSeconds(30),
        };
        var outbox = new ProbeOutbox();
        var engine = new ProbeEngine(new ProbeEngineOptions { Mesh = mesh, Servers = number == 1 ? [] : [(null, Endpoint(1))], Seed = (ulong)number }, outbox);
        engine.Start();
        return engine;
    }

    private static NodeEndpoint Endpoint(int number) => NodeEndpoint.FromBytes([127, 0, 77, (byte)number], 12277);

    private static MeshCounters Counters(ProbeEngine engine) => engine.Mesh!.Node.Counters;

    private static long Peers(ProbeEngine engine) => engine.Mesh!.Node.Counters.Connects - engine.Mesh!.Node.Counters.Disconnects;

    private static void Await(List<ProbeEngine> engines, Predicate<ProbeEngine> reached)
    {
        Assert.True(SpinWait.SpinUntil(() => Advanced(engines, reached), s_patience), "the mesh did not get there in time");
    }

    private static bool Advanced(List<ProbeEngine> engines, Predicate<ProbeEngine> reached)
    {
        Thread.Sleep(1);
        return engines.TrueForAll(e => e.Ended.IsCompleted ? throw new InvalidOperationException("A probing thread ended.", e.Ended.Exception) : reached(e));
    }
}
