using System.Net;
using Meshpulse.Agent.Hosting;
using Meshpulse.Agent.Paths;
using Meshpulse.Agent.Reflecting;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Probing.StampReflector;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Agent.Tests.Paths;

/// <summary>The probing thread with paths, on real sockets: once every way was walked, it allocates nothing.</summary>
public sealed class PathAllocationTests
{
    private const long WarmUp = 4_000;
    private const long Measured = 10_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly Dictionary<(PathSampleKind Kind, int Path), long> _seen = [];
    private readonly Dictionary<int, uint> _answered = [];
    private PathStamps _stamps;
    private bool _isSettled;

    [Fact]
    public async Task Probing_thread_allocates_nothing_per_probe_reply_loss_or_window()
    {
        Assert.True(StampKey.TryParse("0011", out var key));
        await using var open = await ReflectAsync(1, new StampResponderOptions());
        await using var closed = await ReflectAsync(2, new StampResponderOptions { Mode = StampMode.Authenticated, Keys = new StampKeyRing(key) });
        var outbox = new ProbeOutbox(hasPaths: true);
        using var engine = new ProbeEngine(new ProbeEngineOptions { Seed = 3 }, outbox);
        var nobody = NodeEndpoint.FromBytes([127, 0, 83, 3], 9);
        var fast = new PathSettings { Interval = Duration.FromMilliseconds(1), Timeout = Duration.FromMilliseconds(200) };
        Add(engine, 1, fast, open.Endpoints[0]);
        Add(engine, 2, fast with { Keys = new StampKeyRing(key), Payload = StampForm.FullAuthenticatedLength, DscpSweep = [46] }, closed.Endpoints[0]);
        // One whose host says that nobody listens, one without an address, one on trial, one that looks for its MTU.
        Add(engine, 3, fast, nobody);
        Add(engine, 4, fast, null);
        Add(engine, 5, fast with { TrialInterval = Duration.FromMilliseconds(50) }, nobody.WithPort(10));
        Add(engine, PathOutbox.FirstMeshPath, fast with { LargestPacket = 1500 }, open.Endpoints[0]);
        engine.Start();

        Await(engine, outbox, () => Answered > WarmUp && _isSettled && _seen.GetValueOrDefault((PathSampleKind.Window, 3)) > 2);
        // While hot code is compiled anew the runtime may allocate something once; what the code itself allocates it allocates in every part.
        var least = long.MaxValue;
        for (var part = 0; part < 3; part++)
        {
            var (allocated, goal) = (engine.AllocatedBytes, Answered + (Measured / 3));
            Await(engine, outbox, () => Answered > goal);
            least = Math.Min(least, engine.AllocatedBytes - allocated);
        }

        Assert.Equal(0, least);

        Assert.All([1, 2, PathOutbox.FirstMeshPath], path => Assert.True(_seen.GetValueOrDefault((PathSampleKind.Exchange, path)) > 500, $"path {path}: {Describe()}"));
        Assert.Equal(PathStamps.Send | PathStamps.Receive | PathStamps.Reflector, _stamps);
        Assert.False(_seen.ContainsKey((PathSampleKind.Window, 5)));
    }

    private long Answered => _answered.Values.Sum(a => (long)a);

    private static Task<StampReflectorService> ReflectAsync(byte host, StampResponderOptions responder) => StampReflectorService.StartAsync(
        new StampReflectorOptions
        {
            Listen = [NodeEndpoint.From(new IPAddress([127, 0, 83, host]), 0)],
            Responder = responder with { Limits = new() { SourceRate = 1_000_000, TotalRate = 1_000_000 } },
        },
        CancellationToken.None);

    private static void Add(ProbeEngine engine, int id, PathSettings settings, NodeEndpoint? target) =>
        engine.Paths!.Post(node => node.Add(id, settings, target, SystemClocks.Mono()));

    private void Await(ProbeEngine engine, ProbeOutbox outbox, Func<bool> reached) => Assert.True(
        SpinWait.SpinUntil(
            () =>
            {
                Thread.Sleep(1);
                Drain(outbox);
                return engine.Ended.IsCompleted ? throw new InvalidOperationException("The probing thread ended.", engine.Ended.Exception) : reached();
            },
            s_patience),
        $"did not get there in time: {Describe()}");

    private void Drain(ProbeOutbox outbox)
    {
        while (outbox.Samples.TryRead(out _))
        {
        }

        while (outbox.Paths!.Samples.TryRead(out var sample))
        {
            _seen[(sample.Kind, sample.Path)] = _seen.GetValueOrDefault((sample.Kind, sample.Path)) + 1;
            switch (sample.Kind)
            {
                case PathSampleKind.Totals:
                    _answered[(sample.Path << 8) | sample.Totals.Flow] = sample.Totals.Answered;
                    break;
                case PathSampleKind.Exchange:
                    _stamps |= sample.Exchange.Stamps;
                    break;
                case PathSampleKind.Window when sample.Path == PathOutbox.FirstMeshPath:
                    _isSettled = sample.Moment.Mtu.Passing == 1500;
                    break;
                default:
                    break;
            }
        }
    }

    private string Describe() => $"{string.Join(' ', _seen)}, {Answered} answered";
}
