using System.Text.Json;
using Meshpulse.Cli.Fleet;
using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Tests.Fleet;

public sealed class StatusReportTests
{
    private static readonly VerdictPlace s_host = VerdictPlace.Host("10.0.0.3");

    [Fact]
    public void A_mesh_without_verdicts_is_ok()
    {
        var report = StatusReport.Of(TestMesh.Verdicts(), TestMesh.OfSize(3).Nodes());
        Assert.Equal(StatusCode.Ok, report.Code);
        Assert.Equal("OK: nothing is wrong; 3 of 3 nodes heard by 10.0.0.1 | nodes=3 up=3 critical=0 warning=0 info=0\n", report.Text());
    }

    [Theory]
    [InlineData(VerdictKind.HostGone, StatusCode.Critical)]
    [InlineData(VerdictKind.HostCpuContention, StatusCode.Warning)]
    [InlineData(VerdictKind.ClockStep, StatusCode.Warning)]
    [InlineData(VerdictKind.HostLeft, StatusCode.Ok)]
    [InlineData(VerdictKind.HostMaintenance, StatusCode.Ok)]
    public void The_most_urgent_verdict_is_the_status(VerdictKind kind, StatusCode code)
    {
        var left = TestMesh.Verdict(VerdictKind.HostRestarted, VerdictPlace.Host("10.0.0.2"));
        Assert.Equal(code, StatusReport.Of(TestMesh.Verdicts(left, TestMesh.Verdict(kind, s_host)), TestMesh.OfSize(3).Nodes()).Code);
    }

    [Fact]
    public void The_most_urgent_is_named_first_with_its_place()
    {
        var report = StatusReport.Of(
            TestMesh.Verdicts(TestMesh.Verdict(VerdictKind.PathLoss, VerdictPlace.Path("10.0.0.1", "10.0.0.2")), TestMesh.Verdict(VerdictKind.HostGone, s_host, 0.8)),
            TestMesh.OfSize(3).WithState(2, "unreachable").Nodes());
        Assert.Equal(
            "CRITICAL: host.gone 10.0.0.3 since 2027-01-15 07:59:48 UTC (80% sure); path.loss 10.0.0.1 -> 10.0.0.2 since 2027-01-15 07:59:48 UTC (90% sure); "
                + "2 of 3 nodes heard by 10.0.0.1 / nodes=3 up=2 critical=1 warning=1 info=0\n".Replace('/', '|'),
            report.Text());
        using var json = JsonDocument.Parse(report.Json());
        Assert.Equal("critical", json.RootElement.GetProperty("status").GetString());
        Assert.Equal(2, json.RootElement.GetProperty("code").GetInt32());
        Assert.Equal("host.gone", json.RootElement.GetProperty("verdicts")[0].GetProperty("what").GetString());
    }

    [Fact]
    public void What_has_ended_does_not_count()
    {
        var ended = TestMesh.Verdict(VerdictKind.HostGone, s_host) with { Until = TestMesh.Now - Duration.FromSeconds(1) };
        Assert.Equal(StatusCode.Ok, StatusReport.Of(TestMesh.Verdicts(ended), TestMesh.OfSize(3).Nodes()).Code);
    }

    [Fact]
    public void A_node_that_knows_no_other_does_not_say_ok()
    {
        var report = StatusReport.Of(TestMesh.Verdicts(), TestMesh.OfSize(1).Nodes());
        Assert.Equal(StatusCode.Unknown, report.Code);
        Assert.StartsWith("UNKNOWN: no other node is known, nothing is measured; ", report.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_sick_observer_knows_of_what_is_cut_off_and_of_nothing_else()
    {
        var sick = TestMesh.Verdict(VerdictKind.ObserverSick, VerdictPlace.Host("10.0.0.1"));
        var nodes = TestMesh.OfSize(3).Nodes();
        Assert.Equal(StatusCode.Unknown, StatusReport.Of(TestMesh.Verdicts(sick), nodes).Code);
        Assert.Equal(StatusCode.Unknown, StatusReport.Of(TestMesh.Verdicts(sick, TestMesh.Verdict(VerdictKind.PathLoss, VerdictPlace.Path("a", "b"))), nodes).Code);
        Assert.Equal(StatusCode.Critical, StatusReport.Of(TestMesh.Verdicts(sick, TestMesh.Verdict(VerdictKind.HostGone, s_host)), nodes).Code);
    }

    [Fact]
    public void A_kind_of_a_newer_node_is_a_warning()
    {
        var unknown = TestMesh.Verdict(VerdictKind.PathLoss, s_host) with { What = "host.on_fire" };
        Assert.Equal(StatusCode.Warning, StatusReport.Of(TestMesh.Verdicts(unknown), TestMesh.OfSize(3).Nodes()).Code);
    }

    [Fact]
    public void A_name_from_elsewhere_stays_in_its_line_and_before_the_bar()
    {
        var text = StatusReport.Of(TestMesh.Verdicts(TestMesh.Verdict(VerdictKind.HostGone, VerdictPlace.Host("a\n| up=99"))), TestMesh.OfSize(3).Nodes()).Text();
        Assert.Equal(text.Length - 1, text.IndexOf('\n'));
        Assert.Single(text, c => c == '|');
    }

    [Fact]
    public void All_kinds_have_a_severity_and_what_was_done_on_purpose_is_none_to_wake_for()
    {
        var kinds = Enum.GetValues<VerdictKind>();
        Assert.All(kinds, k => Assert.True(Enum.IsDefined(VerdictKinds.SeverityOf(k))));
        Assert.Equal(
            [VerdictKind.HostPowerSave, VerdictKind.HostRestarted, VerdictKind.HostLeft, VerdictKind.HostMaintenance, VerdictKind.PathChanged],
            kinds.Where(k => VerdictKinds.SeverityOf(k) == VerdictSeverity.Info));
    }
}
