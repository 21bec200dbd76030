using System.Globalization;
using System.Text;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Tests.Fleet.Json;

public sealed class FleetJsonTests
{
    private const string Least = """{"version":1,"node":"a","run":"00000000000000ff","slices":[{"node":"a","run":"00000000000000ff","number":1,"from":0,"at":{"mono":5,"wall":7}PEERS}]}""";

    [Fact]
    public void What_is_written_is_read_back_whole()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var batch = new SampleSlices(seed).Batch(slices: 1 + (seed % 3), peers: seed % 7);
            var json = FleetJson.Write(batch);
            Assert.True(FleetJson.TryRead(json, out SliceBatch? read, out var problem), $"seed {seed}: {problem}\n{Encoding.UTF8.GetString(json)}");
            Assert.Equivalent(batch, read, strict: true);
            Assert.Equal(Encoding.UTF8.GetString(json), Encoding.UTF8.GetString(FleetJson.Write(read)));
        }
    }

    [Fact]
    public void Verdicts_are_read_back_whole()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var samples = new SampleSlices(seed);
            var verdicts = Enumerable.Range(0, 5).Select(samples.Verdict).ToList();
            var document = VerdictDocument.Of("10.0.0.1", new WallTime(1_800_000_000_123_456_000), verdicts);
            Assert.True(FleetJson.TryRead(FleetJson.Write(document), out VerdictDocument? read, out var problem), $"seed {seed}: {problem}");
            Assert.Equivalent(document, read, strict: true);
            Assert.Equal(verdicts.Select(v => v.Where), read.Verdicts.Select(v => v.Where.ToPlace()));
        }
    }

    [Fact]
    public void A_document_of_verdicts_is_as_the_design_says()
    {
        var verdict = new Verdict("7", VerdictKind.PathFlowLoss, VerdictPlace.OfFlows("a", "b", [40_002, 40_001]), new WallTime(1_800_000_000_250_000_999), null, 0.96)
        {
            Noticed = new WallTime(1_800_000_001_000_000_000),
            Evidence = [new VerdictEvidence("a", "loss", 100, "%", null), new VerdictEvidence("b", "gap", 0, "", 0)],
        };
        var json = Encoding.UTF8.GetString(FleetJson.Write(VerdictDocument.Of("a", new WallTime(1_800_000_002_000_000_000), [verdict])));
        Assert.Equal(
            """{"version":1,"node":"a","now":"2027-01-15T08:00:02.000000Z","verdicts":[{"id":"7","what":"path.flow_loss","where":{"kind":"flows","from":"a","to":"b","flows":[40001,40002]},"since":"2027-01-15T08:00:00.250000Z","until":null,"confidence":0.96,"evidence":[{"node":"a","figure":"loss","value":100,"unit":"%","baseline":null},{"node":"b","figure":"gap","value":0,"unit":"","baseline":0}],"""
            + $"\"suggestion\":\"{verdict.Suggestion}\",\"noticed\":\"2027-01-15T08:00:01.000000Z\",\"recurrences\":0}}]}}",
            json);
    }

    [Fact]
    public void What_says_nothing_takes_no_room_and_an_unknown_offset_is_null()
    {
        var slice = new NodeSlice("a", 255, 1)
        {
            At = new ClockPairing(new MonoTime(5), new WallTime(7)),
            Peers = [new PeerSlice("b") { Ended = CloseReason.EndOfStream, Path = new PathSlice { Offset = new OffsetInterval(new Duration(-3), Duration.MaxValue), Flows = [new FlowSlice(40_001, 2, 1, 0, 0, 0)] } }],
        };
        Assert.Equal(
            """{"node":"a","run":"00000000000000ff","number":1,"at":{"mono":5,"wall":7},"peers":[{"peer":"b","ended":"end_of_stream","path":{"offset":[-3,null],"flows":[[40001,2,1]]}}]}""",
            Encoding.UTF8.GetString(FleetJson.Write(slice)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","peers":[]""")]
    [InlineData(""","peers":[{"peer":"b"}],"of_a_newer_program":{"x":[1,{"y":2}]}""")]
    [InlineData(""","peers":[{"peer":"b","ended":"of_a_newer_program","path":{"offset":[null,5]}}]""")]
    [InlineData(""","peers":[{"path":null,"of_a_newer_program":[{"peer":"c"}],"requests":null,"ended":null,"call_failed":null,"peer":"b"}]""")]
    [InlineData(""","peers":[{"peer":"b","path":{"offset":[null,5],"round_trip":null,"step":null,"flows":[[40000,0,0],[40001,2,1,0,1],[40002,1,1,0,0,0,1]]}}]""")]
    public void What_is_missing_or_new_is_no_mistake(string peers)
    {
        Assert.True(FleetJson.TryRead(Encoding.UTF8.GetBytes(Least.Replace("PEERS", peers, StringComparison.Ordinal)), out SliceBatch? batch, out var problem), problem);
        var slice = Assert.Single(batch.Slices);
        Assert.All(slice.Peers, p => Assert.Empty(p.Gaps));
        Assert.All(slice.Peers.Where(p => p.Path is not null), p => Assert.False(p.Path!.Offset.IsBounded));
        Assert.All(slice.Peers.Where(p => p.Ended is not null), p => Assert.Equal(CloseReason.Broken, p.Ended));
    }

    [Theory]
    [InlineData(""","peers":null""")]
    [InlineData(""","peers":[null]""")]
    [InlineData(""","peers":[{}]""")]
    [InlineData(""","peers":[{"peer":""}]""")]
    [InlineData(""","peers":[{"peer":null}]""")]
    [InlineData(""","peers":[{"peer":"a\nb"}]""")]
    [InlineData(""","peers":[{"peer":"a\u202eb"}]""")]
    [InlineData(""","peers":[{"peer":"a\ud800b"}]""")]
    [InlineData(""","peers":[{"peer":"b","sent":1000000000000001}]""")]
    [InlineData(""","peers":[{"peer":"b","sent":1.5}]""")]
    [InlineData(""","peers":[{"peer":"b","sent":null}]""")]
    [InlineData(""","peers":[{"peer":"b","sent":1,"sent":1}]""")]
    [InlineData(""","peers":[{"peer":"b","is_connected":1}]""")]
    [InlineData(""","peers":[{"peer":"b","gaps":null}]""")]
    [InlineData(""","peers":[{"peer":"b","path":[]}]""")]
    [InlineData(""","peers":[{"peer":"b","path":{"offset":[1,2],"counts":null}}]""")]
    [InlineData(""","peers":[{"peer":"b","path":{"offset":[1,2],"counts":{"sent":1,"sent":1}}}]""")]
    [InlineData(""","peers":[{"peer":"b","path":{"offset":[1,2],"flows":null}}]""")]
    [InlineData(""","peers":[{"peer":"b","path":{"offset":[1,2],"flows":[null]}}]""")]
    [InlineData(""","peers":[{"peer":"b","path":{"offset":[1,2],"flows":[[40000,1]]}}]""")]
    [InlineData(""","peers":[{"peer":"b","path":{"offset":[1,2],"flows":[[40000,0,0,0,0,0,0,0]]}}]""")]
    [InlineData(""","peers":[{"peer":"b","requests":[null]}]""")]
    [InlineData(""","peers":[{"peer":"b","sent":"1"}]""")]
    [InlineData(""","peers":[{"peer":"b","silence":100000000000000001}]""")]
    [InlineData(""","peers":[{"peer":"b","silence":1e400}]""")]
    [InlineData(""","peers":[{"peer":"b","path":{}}]""")]
    [InlineData(""","peers":[{"peer":"b","path":{"offset":[1]}}]""")]
    [InlineData(""","peers":[{"peer":"b","path":{"offset":[1,2,3]}}]""")]
    [InlineData(""","peers":[{"peer":"b","path":{"offset":[1,2],"round_trip":[-1,0,0,0,0]}}]""")]
    [InlineData(""","peers":[{"peer":"b","path":{"offset":[1,2],"round_trip":[1,0,0,0,null]}}]""")]
    [InlineData(""","peers":[{"peer":"b","path":{"offset":[1,2],"flows":[[65536,0,0,0,0,0,0]]}}]""")]
    [InlineData(""","peers":[{"peer":"b","path":{"offset":[1,2],"forward_hop_limit":[256,0]}}]""")]
    [InlineData(""","host":{"from":0,"until":1,"clock_frequency":1e16}""")]
    [InlineData(""","number":0""")]
    [InlineData(""","node":"b" """)]
    [InlineData(""","from":6""")]
    [InlineData(""","from":5000000000000000000""")]
    public void What_can_not_be_is_refused(string peers)
    {
        // Where a key comes twice the document is refused for that: put these in the place of the first.
        var text = Least.Replace("PEERS", "", StringComparison.Ordinal);
        foreach (var key in new[] { "\"number\":1", "\"from\":0" }.Where(k => peers.StartsWith("," + k.Split(':')[0] + ":", StringComparison.Ordinal)))
        {
            text = text.Replace(key, peers[1..], StringComparison.Ordinal);
            peers = "";
        }

        if (peers.StartsWith(",\"node\"", StringComparison.Ordinal))
        {
            text = text.Replace("[{\"node\":\"a\"", "[{" + peers[1..], StringComparison.Ordinal);
            peers = "";
        }

        text = text.Insert(text.Length - 3, peers);
        Assert.False(FleetJson.TryRead(Encoding.UTF8.GetBytes(text), out SliceBatch? _, out var problem), text);
        Assert.NotEqual("", problem);
    }

    [Fact]
    public void Lists_are_bounded_while_they_are_read()
    {
        Assert.True(Reads(string.Join(',', Enumerable.Range(0, NodeSlice.MaxPeers).Select(i => string.Create(CultureInfo.InvariantCulture, $"{{\"peer\":\"p{i}\"}}")))));
        Assert.False(Reads(string.Join(',', Enumerable.Range(0, NodeSlice.MaxPeers + 1).Select(i => string.Create(CultureInfo.InvariantCulture, $"{{\"peer\":\"p{i}\"}}")))));
        var body = Body(string.Join(',', Enumerable.Repeat("{\"peer\":\"b\"}", 300_000)));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(FleetJson.TryRead(body, out SliceBatch? _, out _));
        // The objects of two thousand peers, not of a million.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);

        static byte[] Body(string peers) => Encoding.UTF8.GetBytes(Least.Replace("PEERS", $",\"peers\":[{peers}]", StringComparison.Ordinal));

        static bool Reads(string peers) => FleetJson.TryRead(Body(peers), out SliceBatch? _, out _);
    }

    [Fact]
    public void Another_version_is_refused()
    {
        var json = Least.Replace("PEERS", "", StringComparison.Ordinal);
        Assert.True(FleetJson.TryRead(Encoding.UTF8.GetBytes(json), out SliceBatch? _, out _));
        Assert.False(FleetJson.TryRead(Encoding.UTF8.GetBytes(json.Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal)), out SliceBatch? _, out var problem));
        Assert.Equal("of another version", problem);
    }

    [Fact]
    public void Whatever_comes_is_refused_or_makes_sense()
    {
        const int Seed = 20_251;
        var random = new Random(Seed);
        var (taken, refused) = (0, 0);
        for (var round = 0; round < 4_000; round++)
        {
            var json = FleetJson.Write(new SampleSlices(round % 50).Batch(1, 3));
            Damage(json, random);
            var cut = random.Next(4) == 0 ? json.AsSpan(0, random.Next(json.Length)) : json;
            if (!FleetJson.TryRead(cut, out SliceBatch? batch, out _))
            {
                refused++;
                continue;
            }

            taken++;
            var again = FleetJson.Write(batch);
            Assert.True(FleetJson.TryRead(again, out SliceBatch? second, out var problem), $"seed {Seed}, round {round}: {problem}");
            Assert.Equal(again, FleetJson.Write(second));
            Assert.All(batch.Slices.SelectMany(s => s.Peers), p => Assert.InRange(p.Silence.Nanoseconds, -100_000_000_000_000_000, 100_000_000_000_000_000));
        }

        Assert.True(taken > 100 && refused > 100, $"seed {Seed}: {taken} taken, {refused} refused");
    }

    [Fact]
    public void Our_own_texts_are_made_printable()
    {
        var verdict = new Verdict("1", VerdictKind.HostGone, VerdictPlace.Host("a\u001b[2Jb"), default, null, double.NaN) { Evidence = [new VerdictEvidence("a", "x", double.PositiveInfinity, "", double.NaN)] };
        Assert.True(FleetJson.TryRead(FleetJson.Write(VerdictDocument.Of("a", default, [verdict])), out VerdictDocument? read, out var problem), problem);
        Assert.Equal("a?[2Jb", read.Verdicts[0].Where.Host);
    }

    private static void Damage(byte[] json, Random random)
    {
        for (var i = random.Next(4); i > 0; i--)
        {
            json[random.Next(json.Length)] = random.Next(3) switch
            {
                0 => (byte)random.Next(256),
                1 => (byte)"0123456789-.eE"[random.Next(14)],
                _ => (byte)"{}[],:\"\\ntf"[random.Next(11)],
            };
        }
    }
}
