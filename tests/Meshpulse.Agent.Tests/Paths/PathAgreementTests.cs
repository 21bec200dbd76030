using Meshpulse.Agent.Paths;
using Meshpulse.Agent.Tests.Sounding;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Probing.Ping;
using Meshpulse.Core.Probing.StampReflector;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Paths;

/// <summary>The kernel's sockets and the runtime's under the same node, before one reflector that keeps to a script: they must count the same.</summary>
public sealed class PathAgreementTests
{
    private const int Probes = 80;
    private static readonly Duration s_timeout = Duration.FromSeconds(60);

    [Fact]
    public void Both_transports_find_what_the_script_did()
    {
        using var kernel = new PathSockets();
        using var portable = new PortablePathSockets();
        var expected = new FlowTotals(0, 0, 0, Probes, 0, Probes - 6, 0, 3, 3, 0, 1, 1, 1, 0, 0, 0);
        Assert.Equal(expected, Run(kernel, PathStamps.Send | PathStamps.Receive));
        Assert.Equal(expected, Run(portable, PathStamps.None));
    }

    private static Fate Script(long number) => number switch
    {
        5 or 6 or 20 => Fate.LoseForward,
        10 or 30 or 31 => Fate.LoseBackward,
        40 => Fate.AnswerTwice,
        45 => Fate.AnswerBehindNext,
        _ => Fate.Answer,
    };

    /// <summary>Each probe is waited for until the reflector has seen it; in the end the node is told that the time is up for all.</summary>
    private static FlowTotals Run(IPathSockets transport, PathStamps stamps)
    {
        using var reflector = new TestReflector(() => new StampResponder(new StampResponderOptions(), 1)) { Script = Script }.Start();
        var observer = new Recorder();
        var start = SystemClocks.Pair();
        var node = new PathNode(transport, observer, new SplitMix64(1), start.Mono);
        node.Add(1, new PathSettings { Flows = 1, Interval = Duration.FromMilliseconds(2), Timeout = s_timeout }, reflector.Endpoint, start.Mono);
        while (observer.Sent < Probes)
        {
            while (node.TrySendNext(SystemClocks.Pair()))
            {
            }

            Assert.True(SpinWait.SpinUntil(() => reflector.Seen == observer.Sent, TimeSpan.FromSeconds(60)));
            transport.Look(node, SystemClocks.Pair());
        }

        Assert.True(SpinWait.SpinUntil(() => Look() && observer.Answered == Probes - 6, TimeSpan.FromSeconds(60)), $"{observer.Answered} answers");
        var now = SystemClocks.Pair();
        var later = new ClockPairing(now.Mono + (s_timeout * 2), now.Wall + (s_timeout * 2));
        while (node.TrySendNext(later))
        {
        }

        while (node.TryEndWindow(later.Mono + Duration.FromSeconds(1)))
        {
        }

        Assert.True(observer.Exchanges > 0);
        Assert.Equal(stamps, observer.Stamps & (PathStamps.Send | PathStamps.Receive));
        // What the last turn sent and left unsent is not the script's.
        return observer.Totals with { Sent = observer.Totals.Sent - 1, Unsent = 0, SourcePort = 0 };

        bool Look()
        {
            transport.Look(node, SystemClocks.Pair());
            return true;
        }
    }

    private sealed class Recorder : IPathObserver
    {
        public int Sent { get; private set; }

        public int Answered { get; private set; }

        public int Exchanges { get; private set; }

        /// <summary>Those that all exchanges have.</summary>
        public PathStamps Stamps { get; private set; } = PathStamps.Send | PathStamps.Receive | PathStamps.Reflector;

        public FlowTotals Totals { get; private set; }

        public void OnSent(int path, in SendSlot slot) => Sent++;

        public void OnUnsent(int path, UnsentCause cause, long count, int error)
        {
        }

        public void OnDecided(int path, in PingDecision decision) => Answered += decision.Outcome == PingOutcome.Answered ? 1 : 0;

        public void OnExchange(int path, in PathExchange exchange)
        {
            Exchanges++;
            Stamps &= exchange.Stamps;
        }

        public void OnTotals(int path, in FlowTotals totals) => Totals = totals;

        public void OnSocketGap(int path, in SocketGap gap)
        {
        }

        public void OnWindow(int path, in PathMoment moment)
        {
        }

        public void OnIcmpError(int path, int error)
        {
        }

        public void OnStray(bool isMalformed, NodeEndpoint from)
        {
        }

        public void OnProven(int path, bool speaks, MonoTime now)
        {
        }
    }
}
