using Meshpulse.Agent.Analysis;
using Meshpulse.Core.Diagnosis;

namespace Meshpulse.Agent.Tests.Analysis;

public sealed class VerdictReachTests
{
    private static readonly ServerFacts s_from = new("web1", "10.0.0.1", "fra.dc1");
    private static readonly ServerFacts s_to = new("db1", "10.0.0.5", "ber");

    public static TheoryData<string, bool> Places => new()
    {
        { "host db1", true },
        { "host 10.0.0.5", true },
        { "host web1", false },
        { "path 10.0.0.1 10.0.0.5", true },
        { "path 10.0.0.5 web1", true },
        { "path web1 web2", false },
        { "pair db1 web1", true },
        { "flows web1 db1", true },
        { "datacenter ber", true },
        { "datacenter fra", false },
        { "datacenter be", false },
        { "datacenters fra ber", true },
        { "datacenters fra.dc2 ber", false },
        { "datacenter_path ber fra", true },
        { "mesh web1,x db1,y", true },
        { "mesh web1,db1 x", false },
        { "mesh web1 x", false },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public void A_place_concerns_a_pair_or_it_does_not(string place, bool expected) =>
        Assert.Equal(expected, VerdictReach.Concerns(Read(place.Split(' ')), s_from, s_to));

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.5", "10.0.0.1", true)]
    [InlineData("10.0.0.5", "10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "10.0.0.5", "db1", false)]
    [InlineData("web1", "db1", null, true)]
    [InlineData("db1", "web1", null, false)]
    public void Source_ports_are_his_who_probes_from_them(string from, string to, string? counted, bool mine)
    {
        var verdict = new Verdict("1", VerdictKind.PathFlowLoss, VerdictPlace.OfFlows(from, to, [40_002, 40_001]), default, null, 0.9)
        {
            Evidence = counted is null ? [] : [new VerdictEvidence(counted, "flows of 8 that lose everything", 2, "", 0)],
        };
        Assert.Equal(mine ? [40_001, 40_002] : [], VerdictReach.SourcePortsOf(verdict, s_from));
        Assert.Equal(mine ? [] : [40_001, 40_002], VerdictReach.SourcePortsOf(verdict, s_to));
        Assert.Empty(VerdictReach.SourcePortsOf(verdict with { Where = VerdictPlace.Path(from, to) }, s_from));
    }

    private static VerdictPlace Read(string[] words) => words switch
    {
        ["host", var host] => VerdictPlace.Host(host),
        ["path", var from, var to] => VerdictPlace.Path(from, to),
        ["pair", var a, var b] => VerdictPlace.Pair(a, b),
        ["flows", var from, var to] => VerdictPlace.OfFlows(from, to, [40_001]),
        ["datacenter", var name] => VerdictPlace.Datacenter(name),
        ["datacenter_path", var from, var to] => VerdictPlace.DatacenterPath(from, to),
        ["datacenters", var a, var b] => VerdictPlace.Datacenters(a, b),
        _ => VerdictPlace.Mesh(words[1..].Select(w => w.Split(','))),
    };
}
