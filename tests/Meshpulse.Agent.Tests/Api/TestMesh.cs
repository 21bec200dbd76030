using System.Net;
using Meshpulse.Agent.Api;
using Meshpulse.Agent.Api.Json;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.Fleet;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Agent.Tests.Export;
using Meshpulse.Agent.Tests.Fleet;
using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Api;

/// <summary>One node's API over a real port, with slices that a test makes up.</summary>
internal sealed class TestMesh : IAsyncDisposable
{
    // One beginning for all, so that nodes of one test agree on the time.
    private static readonly ClockPairing s_start = SystemClocks.Pair();

    private readonly string[] _names;
    private readonly TestClock _clock;
    private PeerClient? _client;
    private long _number;

    private TestMesh(string[] names, TestClock clock, MetricsServer server, MeshApi api, ApiGate gate, LiveMesh live, SliceBoard board) =>
        (_names, _clock, Server, Api, Gate, Live, Board, Client) = (names, clock, server, api, gate, live, board, TestServers.Client(server));

    public MetricsServer Server { get; }

    public MeshApi Api { get; }

    public ApiGate Gate { get; }

    public LiveMesh Live { get; }

    public SliceBoard Board { get; }

    public HttpClient Client { get; }

    public int Port => Server.LocalEndPoint.Port;

    public List<Verdict> Verdicts { get; } = [];

    /// <summary>
    /// A node that is called as the first name, at that address where it is one. Its time stands still but for what it is told, unless it is to be that of
    /// the system: nothing becomes old while a busy machine takes its time.
    /// </summary>
    public static async Task<TestMesh> StartAsync(
        string[] names, int port = 0, Func<MeshApiOptions, MeshApiOptions>? change = null, ApiToken? token = null, bool hasRealTime = false)
    {
        TestMesh? mesh = null;
        var gate = new ApiGate(token);
        var clock = new TestClock { Now = hasRealTime ? null : s_start };
        var board = new SliceBoard(names[0], TestFleet.Run, () => clock.Read().Mono);
        var live = new LiveMesh(new LiveOptions
        {
            Self = names[0],
            Program = "1.2.3",
            PingInterval = Duration.FromMilliseconds(5),
            Verdicts = () => mesh?.Verdicts ?? [],
            Facts = name => name == names[0] ? new NodeFacts("first", "fra", ["web"]) : null,
            Clock = clock.Read,
        });
        var options = new MeshApiOptions
        {
            Gate = gate,
            Live = live,
            Verdicts = () => VerdictDocument.Of(names[0], clock.Read().Wall, mesh?.Verdicts ?? []),
            Client = () => mesh?._client,
            Peers = () => [.. names.Skip(1).Where(n => IPAddress.TryParse(n, out _)).Select(n => new FleetPeer(n, NodeEndpoint.From(IPAddress.Parse(n), 12_222)))],
            Settings = () => [new SettingEntry("bind", names[0])],
            Program = "1.2.3",
            Past = _ => new RecentPast(names[0], board),
            Clock = clock.Read,
        };
        var api = new MeshApi(change?.Invoke(options) ?? options);
        var address = IPAddress.TryParse(names[0], out var own) && IPAddress.IsLoopback(own) ? own : IPAddress.Loopback;
        var server = await MetricsServer.StartAsync(new MetricsServerOptions
        {
            Listen = new MetricsListenSpec(address, port),
            WriteFamilies = TestServers.OneGauge,
            Routes = [.. api.Routes],
        });
        mesh = new TestMesh(names, clock, server, api, gate, live, board);
        mesh.Client.BaseAddress = new Uri($"http://{server.LocalEndPoint}");
        mesh._client = new PeerClient(new FleetReaderOptions { Port = server.LocalEndPoint.Port, Token = token });
        return mesh;
    }

    /// <summary>Some slices of these nodes; all by default.</summary>
    public void Tell(int slices = 8, params string[] of)
    {
        for (var i = 0; i < slices; i++)
        {
            _number++;
            _clock.Pass();
            foreach (var name in of.Length > 0 ? of : _names)
            {
                var slice = Slice(name);
                Live.Take(slice, _clock.Read().Mono);
                if (name == _names[0])
                {
                    Board.Publish(slice);
                }
            }
        }
    }

    public async Task<T> GetAsync<T>(string path)
        where T : class
    {
        var document = ApiJson.Read<T>(await Client.GetByteArrayAsync(path));
        Assert.NotNull(document);
        return document;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        Api.Dispose();
        _client?.Dispose();
    }

    private NodeSlice Slice(string node)
    {
        var at = _clock.Read();
        return new NodeSlice(node, TestFleet.Run, _number)
        {
            From = at.Mono - Duration.FromMilliseconds(250),
            At = at,
            Datacenter = "fra",
            Peers = [.. _names.Where(n => n != node).Select(Peer)],
        };
    }

    private static PeerSlice Peer(string name)
    {
        var delay = new DelaySlice(10, new Duration(90_000), new Duration(100_000), new Duration(200_000), new Duration(300_000));
        return new PeerSlice(name)
        {
            IsConnected = true,
            Received = 50,
            Sent = 50,
            Requests = [new FlowRequests(40_001, 10)],
            Path = new PathSlice
            {
                Counts = new PathCounts(10, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                Forward = delay,
                Backward = delay,
                RoundTrip = delay,
                Offset = new OffsetInterval(new Duration(-2_000), new Duration(4_000)),
                Flows = [new FlowSlice(40_001, 10, 10, 0, 0, 0)],
            },
        };
    }

    private sealed class TestClock
    {
        public ClockPairing? Now { get; set; }

        public ClockPairing Read() => Now ?? SystemClocks.Pair();

        public void Pass() => Now = Now is { } now ? new ClockPairing(now.Mono + Duration.FromMilliseconds(250), now.Wall + Duration.FromMilliseconds(250)) : null;
    }
}
