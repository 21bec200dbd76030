using System.Text;
using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Checks;
using Meshpulse.Core.Config;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Hosting;

/// <summary>Series, windows, reports and lines, with a clock of the test's own.</summary>
public sealed class ProbeBookTests
{
    private const int Refused = 111;
    private const int Unreachable = 113;

    private static readonly Duration s_second = Duration.FromSeconds(1);
    private static readonly Duration s_ms = Duration.FromMilliseconds(1);

    private readonly CheckOutbox _outbox;
    private readonly ProbeBook _book;
    private readonly List<CheckReport> _reports = [];
    private readonly List<CheckNote> _notes = [];

    public ProbeBookTests()
    {
        _outbox = new CheckOutbox(new SpscRing<Sample>(16));
        _book = new ProbeBook(_outbox, _reports.Add, _notes.Add);
        _book.Apply(Probes(2), s_second * 2, s_second, At(10_400));
    }

    [Fact]
    public void Reports_are_made_at_the_clocks_whole_intervals_once_what_waits_had_time_to_come()
    {
        // The first has a whole interval behind it.
        for (var ms = 10_400; ms < 12_030; ms++)
        {
            Round(ms);
        }

        Assert.Empty(_reports);
        Round(12_030);
        Assert.Single(_reports);
        Round(13_029);
        Assert.Single(_reports);
        Round(13_050);
        Assert.Equal(2, _reports.Count);
    }

    [Fact]
    public void A_report_holds_what_was_decided_within_its_window_on_the_grid_and_nothing_else()
    {
        Answer(1, 11_000, latencyMs: 3);
        Answer(1, 11_999, latencyMs: 1);
        Lose(1, 11_500);
        // Read before the report is made, decided after its boundary.
        Answer(1, 12_010, latencyMs: 9);
        Round(12_030);
        var window = Pair(1).Window;
        Assert.Equal((3L, 2L, s_ms, s_ms * 3), (window.Decided, window.Answered, window.Min, window.Max));

        Round(13_030);
        Assert.Equal((4L, s_ms * 9), (Pair(1).Window.Decided, Pair(1).Window.Max));
        Round(14_030);
        Assert.Equal(1, Pair(1).Window.Decided);
        Round(15_030);
        Assert.Equal((0L, null), (Pair(1).Window.Decided, Pair(1).Window.Min));
        // Counts of all times go on.
        Assert.Equal((3L, 1L), (Pair(1).Totals.Answered, Pair(1).Totals.Lost));
        Assert.Equal(0, Pair(2).Window.Decided);
    }

    [Fact]
    public void A_loss_that_turned_out_late_leaves_the_window_it_was_counted_in()
    {
        Lose(1, 11_900);
        Round(12_030);
        Assert.Equal(1, Pair(1).Window.Lost);
        Take(SampleKind.ProbeLateAfterLoss, 1, s_second, At(11_900), 12_400);
        Round(13_030);
        Assert.Equal((1L, 0L), (Pair(1).Window.Decided, Pair(1).Window.Lost));
        Assert.Equal((1L, 1L, 0L), (Pair(1).Totals.Lost, Pair(1).Totals.Late, Pair(1).Totals.Answered));
    }

    [Fact]
    public void After_a_stall_there_is_one_report_of_the_latest_window()
    {
        for (var ms = 11_100; ms < 30_500; ms += 100)
        {
            Answer(1, ms, latencyMs: 1);
        }

        Round(30_500);
        Assert.Single(_reports);
        Assert.Equal(20, Pair(1).Window.Decided);
        Round(31_030);
        Assert.Equal(2, _reports.Count);
    }

    [Fact]
    public void Another_reading_keeps_counts_and_windows_by_number()
    {
        Answer(2, 11_500, latencyMs: 1);
        var probes = Probes(3);
        // The second first, the first gone, a new one.
        _book.Apply([(2, probes[1].Definition), (7, probes[2].Definition)], s_second * 2, s_second, At(11_600));
        Answer(1, 11_700, latencyMs: 1);
        Round(12_030);
        Assert.Equal([2, 7], _book.Series.Select(s => s.Id));
        Assert.Equal(["s2", "s3"], _reports[^1].Pairs.Select(p => p.Probe.To.Name));
        Assert.Equal((1L, 1L), (_reports[^1].Pairs[0].Totals.Answered, _reports[^1].Pairs[0].Window.Answered));
        Assert.Equal(default, _reports[^1].Pairs[1].Totals);
    }

    [Fact]
    public void Another_window_begins_anew_and_counts_go_on()
    {
        Answer(1, 11_500, latencyMs: 1);
        Round(11_600);
        _book.Apply(Probes(2), s_second * 10, s_second * 5, At(11_700));
        Round(12_030);
        Assert.Empty(_reports);
        Answer(1, 13_000, latencyMs: 2);
        // The second whole five seconds after the change.
        Round(20_029);
        Assert.Empty(_reports);
        Round(20_030);
        Assert.Equal(s_second * 10, _reports[0].Window);
        Assert.Equal((1L, 2L), (Pair(1).Window.Answered, Pair(1).Totals.Answered));
    }

    [Fact]
    public void A_window_of_more_steps_than_there_is_room_for_still_looks_as_far_back()
    {
        _book.Apply(Probes(1), Duration.FromSeconds(3600), s_ms * 100, At(3_000_000));
        Lose(1, 3_001_000);
        // Nearly an hour later.
        Round(6_598_030);
        Assert.Equal(1, Pair(1).Window.Lost);
        Round(6_603_030);
        Assert.Equal(0, Pair(1).Window.Lost);
    }

    [Fact]
    public void The_same_settings_read_again_do_not_move_a_report()
    {
        Round(11_999);
        _book.Apply(Probes(2), s_second * 2, s_second, At(11_999));
        Round(12_030);
        Assert.Single(_reports);
    }

    [Fact]
    public void Every_kind_of_sample_has_its_count_and_no_other()
    {
        Take(SampleKind.ProbeSent, 1, Sample.NoInterval, new MonoTime(0), 11_000);
        Take(SampleKind.ProbeUnsentLate, 1, new Duration(2), new MonoTime(0), 11_000);
        Take(SampleKind.ProbeUnsentBackpressure, 1, new Duration(3), new MonoTime(0), 11_000);
        Take(SampleKind.ProbeUnsentRefused, 1, new Duration(4), new MonoTime(Unreachable), 11_000);
        Take(SampleKind.ProbeUnsentUnresolved, 1, new Duration(5), new MonoTime(0), 11_000);
        Take(SampleKind.ProbeLate, 1, s_second, At(11_000), 11_000);
        Take(SampleKind.ProbeAnswered, 1, s_second, At(11_000), 11_000);
        Lose(1, 11_000);
        Take(SampleKind.ProbeAnsweredAfterLoss, 1, s_second, At(11_000), 11_000);
        Take(SampleKind.ProbeDuplicate, 1, s_second, At(11_000), 11_000);
        Take(SampleKind.ProbeUnknown, 1, default, At(11_000), 11_000);
        Take(SampleKind.ProbeIcmpError, 1, new Duration(Refused), new MonoTime(0), 11_000);
        var expected = new ProbeTotals(
            Sent: 1, Answered: 1, Lost: 2, Late: 2, Duplicate: 1, Unknown: 1, UnsentLate: 2, UnsentBackpressure: 3, UnsentRefused: 4, UnsentUnresolved: 5, IcmpErrors: 1);
        Assert.Equal((expected, 14L), (_book.Series[0].Totals, _book.Series[0].Totals.Unsent));
        Assert.Equal(3, _book.Series[0].Latency.TotalCount);
    }

    [Fact]
    public void A_fetch_is_answered_or_lost_and_its_failure_is_told_once()
    {
        Fetch(1, 11_000, failure: null);
        Fetch(1, 11_100, failure: "the certificate has ended");
        Fetch(1, 11_200, failure: "the certificate has ended");
        Fetch(9, 11_200, failure: "of nobody");
        Round(12_030);
        Assert.Equal((1L, 2L, s_ms * 7), (Pair(1).Window.Answered, Pair(1).Window.Lost, Pair(1).Window.Max));
        Assert.Equal("the certificate has ended", Pair(1).Http!.Failure);
        Assert.EndsWith(": the certificate has ended", Assert.Single(_notes).Text, StringComparison.Ordinal);
        // A change within ten seconds of that is told when they are over.
        Fetch(1, 15_000, failure: null);
        Round(15_050);
        Assert.Single(_notes);
        Fetch(1, 23_000, failure: null);
        Round(23_050);
        Assert.EndsWith(": answers again", _notes[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_goes_on_is_told_once_and_not_forty_times_a_second()
    {
        for (var ms = 11_000; ms < 71_000; ms += 25)
        {
            Take(SampleKind.ProbeIcmpError, 1, new Duration(Refused), new MonoTime(0), ms);
            Lose(1, ms);
            Round(ms);
        }

        Assert.EndsWith("nobody listens on UDP port 4232 there", Assert.Single(_notes).Text, StringComparison.Ordinal);
        Answer(1, 72_000, latencyMs: 1);
        Round(72_000);
        Assert.EndsWith(": answers again", _notes[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void That_this_host_can_not_send_is_told_and_that_it_can_again()
    {
        for (var ms = 11_000; ms < 31_000; ms += 25)
        {
            Take(SampleKind.ProbeUnsentRefused, 1, new Duration(1), new MonoTime(Unreachable), ms);
            Round(ms);
        }

        Take(SampleKind.ProbeSent, 1, Sample.NoInterval, new MonoTime(0), 31_000);
        Round(31_000);
        Assert.Equal(2, _notes.Count);
        Assert.Contains("this host can't send", _notes[0].Text, StringComparison.Ordinal);
        Assert.EndsWith("probes are sent again", _notes[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_whose_reason_is_told_elsewhere_changes_nothing_of_what_was_told()
    {
        Take(SampleKind.ProbeUnsentRefused, 1, new Duration(1), new MonoTime(Unreachable), 11_000);
        Round(11_000);
        Take(SampleKind.ProbeUnsentRefused, 1, new Duration(1), default, 31_000);
        Round(31_000);
        Assert.Contains("this host can't send", Assert.Single(_notes).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pair_that_flaps_is_told_of_every_ten_seconds_at_most()
    {
        for (var ms = 11_000; ms < 111_000; ms += 50)
        {
            if (ms / 50 % 2 == 0)
            {
                Take(SampleKind.ProbeIcmpError, 1, new Duration(Refused), new MonoTime(0), ms);
            }
            else
            {
                Answer(1, ms, latencyMs: 1);
            }

            Round(ms);
        }

        Assert.InRange(_notes.Count, 5, 10);
    }

    [Fact]
    public void Where_a_thousand_targets_go_at_once_there_is_one_line_a_round()
    {
        _book.Apply(Probes(1_000), s_second, s_second, At(11_000));
        for (var round = 0; round < 1_100; round++)
        {
            for (var id = 1; id <= 1_000; id++)
            {
                Take(SampleKind.ProbeIcmpError, id, new Duration(Refused), new MonoTime(0), 11_000 + (round * 50));
            }

            var before = _notes.Count;
            Round(11_000 + (round * 50));
            Assert.InRange(_notes.Count - before, 0, 1);
        }

        // Each in the end, and none twice.
        Assert.Equal(1_000, _notes.DistinctBy(n => n.Text).Count());
        Assert.Equal(1_000, _notes.Count);
    }

    [Fact]
    public void Strays_are_told_of_with_their_address_and_a_flood_of_them_is_no_news()
    {
        for (var ms = 11_000; ms < 20_000; ms += 50)
        {
            for (var i = 0; i < 40; i++)
            {
                _outbox.OnStray(StrayKind.WrongAddress, NodeEndpoint.FromBytes([192, 0, 2, 7], 4232));
            }

            Round(ms);
        }

        Assert.Contains("192.0.2.7:4232", Assert.Single(_notes).Text, StringComparison.Ordinal);
        Assert.Equal(180 * 40, _outbox.CountOf(StrayKind.WrongAddress));
    }

    [Fact]
    public void Reports_say_what_is_in_use_and_whether_it_is_maintenance()
    {
        _book.SetAddress(1, "192.0.2.99");
        _book.SetAddress(77, "192.0.2.100");
        _book.IsMaintenance = true;
        Round(12_030);
        Assert.Equal(("192.0.2.99", true), (Pair(1).Address, _reports[^1].IsMaintenance));
        Assert.Equal("192.0.2.2", Pair(2).Address);
    }

    [Fact]
    public void What_is_sent_half_an_interval_late_is_counted()
    {
        Take(SampleKind.ProbeSent, 1, s_ms, new MonoTime(12_499_999), 11_000);
        Assert.Equal(0, _book.Series[0].SentLate);
        Take(SampleKind.ProbeSent, 1, s_ms, new MonoTime(12_500_000), 11_000);
        Assert.Equal(1, _book.Series[0].SentLate);
    }

    private static MonoTime At(long ms) => new(ms * 1_000_000);

    private static IReadOnlyList<(int Id, ProbeDefinition Definition)> Probes(int count)
    {
        var text = new StringBuilder("[[group]]\nname = \"all\"\n");
        for (var i = 1; i <= count; i++)
        {
            text.Append($"[[server]]\nname = \"s{i}\"\nip = \"192.0.{2 + (i / 250)}.{i % 250}\"\ngroups = [\"all\"]\n");
        }

        text.Append("[[check]]\nfrom = \"s1\"\nto = \"all\"\ncheck = \"udp_ping\"\n");
        var read = LandscapeReader.Read(Encoding.UTF8.GetBytes(text.ToString()), "mesh.toml");
        return [.. read.Value!.ProbesFrom("s1").Select((probe, i) => (i + 1, probe))];
    }

    private ProbeReport Pair(int id) => _reports[^1].Pairs[id - 1];

    private void Round(long ms)
    {
        _book.EndRound(At(ms));
        _book.Tell();
    }

    private void Take(SampleKind kind, int probe, Duration a, MonoTime b, long ms) => _book.Take(new Sample(kind, probe, a, new Duration(b.Nanoseconds)), At(ms));

    private void Answer(int probe, long ms, int latencyMs) => Take(SampleKind.ProbeAnswered, probe, s_ms * latencyMs, At(ms), ms);

    private void Lose(int probe, long ms) => Take(SampleKind.ProbeLost, probe, default, At(ms), ms);

    private void Fetch(int probe, long ms, string? failure) => _book.Fetched.Enqueue(
        new FetchOutcome(probe, At(ms), new HttpFigures(failure is null ? 200 : null, null, s_ms, null, s_ms, failure is null ? s_ms * 7 : null, null, failure)));
}
