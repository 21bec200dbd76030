using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Meshpulse.Agent.Api.Json;
using Meshpulse.Agent.Fleet;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Agent.Tests.Api;
using Meshpulse.Agent.Tests.Export;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Agent.Tests.Fleet;

/// <summary>The description of the API is kept by hand; these tests keep it true.</summary>
public sealed class OpenApiTests
{
    // What the server itself serves, and what a check adds.
    private static readonly string[] s_others = ["/", "/metrics", "/-/healthy", "/-/ready", "/-/reload"];

    private static readonly Dictionary<string, Type> s_slices = new(StringComparer.Ordinal)
    {
        ["SliceBatch"] = typeof(SliceBatch),
        ["NodeSlice"] = typeof(NodeSlice),
        ["ClockPairing"] = typeof(ClockPairing),
        ["PeerSlice"] = typeof(PeerSlice),
        ["GapSlice"] = typeof(GapSlice),
        ["TransportInfo"] = typeof(TransportInfo),
        ["PathSlice"] = typeof(PathSlice),
        ["PathCounts"] = typeof(PathCounts),
        ["ClockStep"] = typeof(ClockStep),
        ["Mtu"] = typeof(MtuFigures),
        ["HostWindow"] = typeof(HostWindow),
        ["HostStall"] = typeof(HostStall),
        ["CpuTimes"] = typeof(CpuTimes),
        ["HostPressure"] = typeof(HostPressure),
        ["PressureTime"] = typeof(PressureTime),
        ["CgroupCpu"] = typeof(CgroupCpu),
        ["PowerSaving"] = typeof(PowerSaving),
        ["NetworkTrouble"] = typeof(NetworkTrouble),
    };

    private static readonly HashSet<Type> s_byHand = [typeof(PeerSlice), typeof(PathSlice), typeof(PathCounts)];

    private static readonly Dictionary<string, Type> s_verdicts = new(StringComparer.Ordinal)
    {
        ["VerdictDocument"] = typeof(VerdictDocument),
        ["Verdict"] = typeof(VerdictEntry),
        ["Where"] = typeof(VerdictWhere),
        ["Evidence"] = typeof(VerdictEvidenceEntry),
    };

    private static readonly Dictionary<string, Type> s_api = new Type[]
    {
        typeof(NodesDocument), typeof(NodeSettings), typeof(NodeEntry), typeof(MatrixDocument), typeof(MatrixRowEntry), typeof(MatrixChange), typeof(MissingEntry),
        typeof(RowDocument), typeof(RowCells), typeof(PathsDocument), typeof(PathEntry), typeof(DirectionEntry), typeof(FlowEntry), typeof(PathDocument),
        typeof(PathView), typeof(DelaySeries), typeof(HeartbeatSeries), typeof(PathHistograms), typeof(TraceEntry), typeof(VitalsDocument), typeof(StallEntry),
        typeof(EventsDocument), typeof(EventEntry), typeof(ConfigDocument), typeof(SettingEntry), typeof(ErrorDocument),
    }.ToDictionary(t => t.Name, StringComparer.Ordinal);

    [Fact]
    public async Task Every_route_is_described_and_nothing_else()
    {
        using var document = await DescriptionAsync();
        var described = document.RootElement.GetProperty("paths").EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal);
        await using var mesh = await TestMesh.StartAsync(["a"]);
        Assert.Equal(TestFleet.Api("a").Routes.Concat(mesh.Api.Routes).Select(r => r.Path).Concat(s_others).Order(StringComparer.Ordinal), described);
    }

    [Fact]
    public async Task Every_field_is_described_and_nothing_else()
    {
        using var document = await DescriptionAsync();
        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");
        Assert.Equal(s_slices.Keys.Concat(s_verdicts.Keys).Concat(s_api.Keys).Concat(["Run", "Delay", "Seen"]).Order(StringComparer.Ordinal), schemas.EnumerateObject().Select(s => s.Name).Order(StringComparer.Ordinal));
        foreach (var (name, type) in s_slices.Concat(s_verdicts).Concat(s_api))
        {
            var info = (s_slices.ContainsKey(name) ? FleetJson.Slices : s_verdicts.ContainsKey(name) ? FleetJson.Verdicts : ApiJson.Options).GetTypeInfo(type);
            // Those that are written by hand have as fields all that can be set.
            Assert.Equal(s_byHand.Contains(type) ? JsonTypeInfoKind.None : JsonTypeInfoKind.Object, info.Kind);
            // Figures that follow from others have no setter and are not told.
            var told = s_byHand.Contains(type) ? type.GetProperties().Where(p => p.SetMethod is not null).Select(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name)) : info.Properties.Where(p => p.Set is not null || info.Type.GetConstructors().Any(c => c.GetParameters().Length > 0) && p.Get is not null && IsParameter(info, p)).Select(p => p.Name);
            var described = schemas.GetProperty(name).GetProperty("properties").EnumerateObject().Select(p => p.Name);
            Assert.Equal(told.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task References_lead_somewhere()
    {
        using var document = await DescriptionAsync();
        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");
        var references = new List<string>();
        Collect(document.RootElement, references);
        Assert.NotEmpty(references);
        Assert.All(references, r => Assert.True(schemas.TryGetProperty(r.Split('/')[^1], out _), r));
    }

    private static bool IsParameter(JsonTypeInfo info, JsonPropertyInfo property) =>
        info.Type.GetConstructors().SelectMany(c => c.GetParameters()).Any(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name!) == property.Name);

    private static void Collect(JsonElement element, List<string> references)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                Collect(item, references);
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in element.EnumerateObject())
            {
                if (property.Name == "$ref")
                {
                    references.Add(property.Value.GetString()!);
                }

                Collect(property.Value, references);
            }
        }
    }

    private static async Task<JsonDocument> DescriptionAsync()
    {
        await using var server = await TestFleet.ServeAsync(TestFleet.Api("a"));
        using var client = TestServers.Client(server);
        return JsonDocument.Parse(await client.GetByteArrayAsync(FleetApi.OpenApiPath));
    }
}
