using Meshpulse.Agent.Hosting;
using Meshpulse.Cli.Console;
using Meshpulse.Cli.Tests.Golden;

namespace Meshpulse.Cli.Tests.Console;

public class CheckLinesTests
{
    // The original's document, but for the sum over fra, whose extremes are the true ones.
    [Fact]
    public void The_lines_of_udp_ping_are_the_originals() => Assert.Equal(
        """
        2022-03-25 09:56:37 server: local -> fail, ip: 127.0.222.1, req: 161, resp: 0, max_lat: None, min_lat: None, mode: normal, loss: 161, withloss
        2022-03-25 09:56:37 server: local -> local, ip: 127.0.0.1, req: 161, resp: 161, max_lat: Some(243), min_lat: Some(51), mode: normal, loss: 0, withoutloss
        2022-03-25 09:56:37 datacenter: fra.dc11 -> fra, req: 322, resp: 161, max_lat: Some(243), min_lat: Some(51), mode: normal, loss: 161, withloss
        2022-03-25 09:56:37 datacenter: fra.dc11 -> fra.dc12, req: 161, resp: 0, max_lat: None, min_lat: None, mode: normal, loss: 161, withloss
        2022-03-25 09:56:37 datacenter: fra.dc11 -> fra.dc11, req: 161, resp: 161, max_lat: Some(243), min_lat: Some(51), mode: normal, loss: 0, withoutloss

        """,
        CheckLines.Format(SampleReport.OfFirst()));

    [Fact]
    public void Maintenance_changes_the_mode_and_nothing_else() =>
        Assert.Equal(
            CheckLines.Format(SampleReport.OfFirst()).Replace("mode: normal", "mode: MAINTENANCE"),
            CheckLines.Format(SampleReport.OfFirst(isMaintenance: true)));

    [Fact]
    public void Other_kinds_come_behind_udp_ping_each_with_its_sums() =>
        Assert.Equal(GoldenFile.Read("check-lines.txt"), CheckLines.Format(SampleReport.OfAllKinds()));

    [Fact]
    public void Figures_have_64_bits()
    {
        var probes = SampleReport.Probes(SampleReport.First, "local");
        var window = SampleReport.Window(long.MaxValue, 1, 0, 9_000_000_000_000_000);

        Assert.Contains(
            "req: 9223372036854775807, resp: 1, max_lat: Some(9000000000000000), min_lat: Some(0), mode: normal, loss: 9223372036854775806, withloss\n",
            CheckLines.Format(SampleReport.Of([SampleReport.Pair(probes[0], window)])),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_without_pairs_has_no_lines() => Assert.Equal("", CheckLines.Format(SampleReport.Of([])));

    [Fact]
    public void Nothing_in_a_line_ends_it()
    {
        var probe = SampleReport.Probes(SampleReport.First, "local")[0];
        var pair = SampleReport.Pair(probe, SampleReport.Window(1, 1, 1, 1)) with { Address = "a\nb\e[2J\u202Ec" };

        Assert.StartsWith(
            "2022-03-25 09:56:37 server: local -> fail, ip: a?b?[2J?c, req: 1, resp: 1",
            CheckLines.Format(SampleReport.Of([pair])),
            StringComparison.Ordinal);
        Assert.Equal("2022-03-25 09:56:37 a?b?c\n", CheckLines.Format(new CheckNote(SampleReport.At, "a\nb\u0085c")));
    }
}
