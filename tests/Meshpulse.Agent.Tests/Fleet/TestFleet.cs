using System.Net;
using Meshpulse.Agent.Api;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.Fleet;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Agent.Tests.Export;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Agent.Tests.Fleet;

internal static class TestFleet
{
    public const ulong Run = 0xfeed;

    public static NodeSlice Slice(string node, long number, bool leaving = false, ulong run = Run) => new(node, run, number)
    {
        At = new ClockPairing(new MonoTime(number), new WallTime(number)),
        IsLeaving = leaving,
    };

    public static FleetApi Api(string node, SliceBoard? board = null, ShareKeys? keys = null, ApiGate? gate = null) =>
        new(board ?? new SliceBoard(node, Run), (_, _) => Task.FromResult(VerdictDocument.Of(node, default, [])), keys, gate ?? new ApiGate());

    public static Task<MetricsServer> ServeAsync(FleetApi api) => TestServers.StartAsync(null, [.. api.Routes]);

    public static ShareKeys Keys(params string[] hex) => new(Ring(hex));

    public static StampKeyRing Ring(params string[] hex) => new([.. hex.Select(Key)]);

    public static FleetPeer Peer(string name) => new(name, NodeEndpoint.From(IPAddress.Loopback, 12_222));

    public static SliceBatch Read(byte[] body)
    {
        Assert.True(FleetJson.TryRead(body, out SliceBatch? batch, out var problem), problem);
        return batch;
    }

    private static StampKey Key(string hex) => StampKey.TryParse(hex, out var key) ? key : throw new ArgumentException("no key", nameof(hex));
}
