using Meshpulse.Agent.Paths;
using Meshpulse.Agent.Tests.Hosting;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Probing.Ping;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Paths;

/// <summary>A node with real sockets on the test's own thread, and all that it tells.</summary>
internal sealed class PathBench : IPathObserver, IDisposable
{
    /// <param name="transport">What the node has in place of the sockets themselves; null for these.</param>
    public PathBench(Func<PathSockets, IPathTransport>? transport = null) =>
        Node = new PathNode(transport?.Invoke(Sockets) ?? Sockets, this, new SplitMix64(1), SystemClocks.Mono());

    public PathSockets Sockets { get; } = new();

    public PathNode Node { get; }

    public List<(int Path, PathExchange Exchange)> Exchanges { get; } = [];

    public List<(int Path, PingOutcome Outcome)> Decisions { get; } = [];

    public List<(int Path, UnsentCause Cause, int Error)> Unsent { get; } = [];

    public List<(int Path, int Error)> IcmpErrors { get; } = [];

    public List<(bool IsMalformed, NodeEndpoint From)> Strays { get; } = [];

    public List<(int Path, bool Speaks)> Proofs { get; } = [];

    public Dictionary<(int Path, int Flow), FlowTotals> Totals { get; } = [];

    public List<(int Path, SocketGap Gap)> Gaps { get; } = [];

    public int Windows { get; private set; }

    /// <summary>By how much the seconds that the node is told of are ahead, for what takes long.</summary>
    public Duration Ahead { get; set; }

    /// <summary>Turns until it has come about.</summary>
    public void Until(Func<bool> reached) => Assert.True(
        SpinWait.SpinUntil(
            () =>
            {
                Thread.Sleep(1);
                Turn();
                return reached();
            },
            Eventually.Hang),
        $"never came about: {this}");

    public void OnSent(int path, in SendSlot slot)
    {
    }

    public void OnUnsent(int path, UnsentCause cause, long count, int error) => Unsent.Add((path, cause, error));

    public void OnDecided(int path, in PingDecision decision) => Decisions.Add((path, decision.Outcome));

    public void OnExchange(int path, in PathExchange exchange) => Exchanges.Add((path, exchange));

    public void OnTotals(int path, in FlowTotals totals) => Totals[(path, totals.Flow)] = totals;

    public void OnSocketGap(int path, in SocketGap gap) => Gaps.Add((path, gap));

    public void OnWindow(int path, in PathMoment moment) => Windows++;

    public void OnIcmpError(int path, int error) => IcmpErrors.Add((path, error));

    public void OnStray(bool isMalformed, NodeEndpoint from) => Strays.Add((isMalformed, from));

    public void OnProven(int path, bool speaks, MonoTime now) => Proofs.Add((path, speaks));

    public override string ToString() =>
        $"{Exchanges.Count} exchanges, {Decisions.Count} decisions, unsent [{string.Join(' ', Unsent.Take(5))}], ICMP [{string.Join(' ', IcmpErrors.Take(5))}], {Strays.Count} strays, {Windows} windows";

    public void Dispose() => Sockets.Dispose();

    private void Turn()
    {
        Sockets.Look(Node, SystemClocks.Pair());
        while (Node.TrySendNext(SystemClocks.Pair()))
        {
        }

        while (Node.TryEndWindow(SystemClocks.Mono() + Ahead))
        {
        }
    }
}
