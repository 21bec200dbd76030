using System.Text;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.Hosting;
using Meshpulse.Agent.Tests.Export;
using Meshpulse.Core.Config;

namespace Meshpulse.Agent.Tests.Hosting;

public sealed class CheckFamiliesTests
{
    [Fact]
    public void Probes_of_one_kind_and_pair_have_what_tells_them_apart()
    {
        const string Check = "[[check]]\nfrom = 'a'\nto = 'a'\n";
        var file = "[[server]]\nname = 'a'\nip = '192.0.2.1'\n"
            + $"{Check}check = 'udp_ping'\n{Check}check = 'icmp'\n{Check}check = 'tcp'\nport = 80\n{Check}check = 'stamp'\n{Check}check = 'stamp'\nport = 862\n"
            + $"{Check}check = 'http'\nhttp_url = 'http://e.example/'\n";
        var probes = LandscapeReader.Read(Encoding.UTF8.GetBytes(file), "x").Value!.ProbesFrom("a");

        var page = Page.Parse(ExpositionFormat.PrometheusText, writer => CheckFamilies.WriteProbes(writer, [.. probes.Select((p, i) => new ProbeSeries(i, p))]));

        string[] common = ["source", "target", "check", "source_datacenter", "target_datacenter"];
        Assert.Equal(
            ["udp_ping ", "icmp ", "tcp port=80", "stamp port=12222", "stamp port=862", "http url=http://e.example/"],
            page.Samples.Where(s => s.Name == "meshpulse_probes_sent_total")
                .Select(s => $"{s.Labels["check"]} {string.Join(',', s.Labels.Where(l => !common.Contains(l.Key)).Select(l => $"{l.Key}={l.Value}"))}"));
    }
}
