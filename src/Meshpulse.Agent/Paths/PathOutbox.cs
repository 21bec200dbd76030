using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Checks;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Probing.Ping;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Paths;

/// <summary>
/// What leaves the probing thread on behalf of the paths, in one queue and so in order: a window holds what was told before it. What belongs to a
/// check goes to the checks' queue too, where its lines and counters are made as for any other kind.
/// </summary>
/// <param name="checks">The checks' queue.</param>
/// <param name="capacity">How many samples wait at most.</param>
internal sealed class PathOutbox(ICheckObserver checks, int capacity = PathOutbox.Capacity) : IPathObserver
{
    /// <summary>From here on paths belong to the mesh; below they have the numbers of checks' probes.</summary>
    public const int FirstMeshPath = 1 << 30;

    /// <summary>At 50,000 replies a second, a third of a second of room.</summary>
    public const int Capacity = 1 << 14;

    public SpscRing<PathSample> Samples { get; } = new(capacity);

    public void OnSent(int path, in SendSlot slot)
    {
        if (IsCheck(path))
        {
            checks.OnSent(path, slot);
        }
    }

    public void OnUnsent(int path, UnsentCause cause, long count, int error)
    {
        if (IsCheck(path))
        {
            checks.OnUnsent(path, cause, count, error);
        }
    }

    public void OnDecided(int path, in PingDecision decision)
    {
        if (IsCheck(path))
        {
            checks.OnDecided(path, decision, 0);
        }
    }

    public void OnExchange(int path, in PathExchange exchange) => Samples.Write(new PathSample(PathSampleKind.Exchange, path) { Exchange = exchange });

    public void OnTotals(int path, in FlowTotals totals) => Samples.Write(new PathSample(PathSampleKind.Totals, path) { Totals = totals });

    public void OnSocketGap(int path, in SocketGap gap) => Samples.Write(new PathSample(PathSampleKind.SocketGap, path) { Gap = gap });

    public void OnWindow(int path, in PathMoment moment) => Samples.Write(new PathSample(PathSampleKind.Window, path) { Moment = moment });

    public void OnIcmpError(int path, int error)
    {
        if (IsCheck(path))
        {
            checks.OnIcmpError(path, error);
        }
    }

    public void OnStray(bool isMalformed, NodeEndpoint from) => checks.OnStray(isMalformed ? StrayKind.Malformed : StrayKind.WrongAddress, from);

    public void OnProven(int path, bool speaks, MonoTime now) =>
        Samples.Write(new PathSample(speaks ? PathSampleKind.Proven : PathSampleKind.Doubted, path) { At = now });

    private static bool IsCheck(int path) => path < FirstMeshPath;
}
