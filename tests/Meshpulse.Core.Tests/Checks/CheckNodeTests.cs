using Meshpulse.Core.Checks;
using Meshpulse.Core.Config;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Probing.Ping;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.UdpPing;

namespace Meshpulse.Core.Tests.Checks;

public sealed class CheckNodeTests
{
    private const int Refused = 111;

    private static readonly Duration s_ms = Duration.FromMilliseconds(1);
    private static readonly Duration s_second = Duration.FromSeconds(1);

    private readonly RecordingTransport _network = new();
    private readonly RecordingObserver _seen = new();
    private readonly CheckNode _node;
    private MonoTime _now = new(77_000_123_456_789);

    public CheckNodeTests() => _node = new CheckNode(_network, _seen, new SplitMix64(5), _now);

    [Fact]
    public void Requests_leave_on_a_grid_that_does_not_move()
    {
        Add(1, CheckKind.UdpPing, Target(1));
        Run(s_second * 2);
        Assert.InRange(_network.Sent.Count, 74, 76);
        var intended = _seen.Sent.ConvertAll(s => s.Slot.Intended.Nanoseconds);
        Assert.All(intended.Zip(intended.Skip(1)), pair => Assert.Equal(25_000_000, pair.Second - pair.First));
        Assert.Equal(Enumerable.Range(1, intended.Count).Select(i => (ulong)i), _network.Sent.Select(s => IdOf(s.Payload)));
    }

    [Fact]
    public void Probes_have_offsets_of_their_own_spread_over_the_interval()
    {
        for (var i = 1; i <= 100; i++)
        {
            Add(i, CheckKind.UdpPing, Target(i));
        }

        Run(Duration.FromMilliseconds(200));
        var slots = _seen.Sent.DistinctBy(s => s.Probe).GroupBy(s => s.Slot.Intended.Nanoseconds / 500_000 % 50).ToList();
        // 100 probes in 50 slots of half a millisecond: two in each, a third where the ratio falls so.
        Assert.InRange(slots.Count, 45, 50);
        Assert.InRange(slots.Max(s => s.Count()), 2, 3);
        Assert.All(_seen.Sent, s => Assert.Equal(0, s.Slot.Intended.Nanoseconds % 500_000));
    }

    [Fact]
    public void An_answer_is_counted_with_its_latency()
    {
        Add(1, CheckKind.UdpPing, Target(1));
        RunUntilSent(1);
        var sentAt = _now;
        Answer(0, Target(1), sentAt + (s_ms * 3));
        Assert.Equal(new PingDecision(PingOutcome.Answered, s_ms * 3, sentAt + (s_ms * 3)), Assert.Single(_seen.Decided).Decision);
    }

    [Fact]
    public void What_is_not_answered_is_lost_when_its_timeout_has_passed_and_not_before()
    {
        Add(1, CheckKind.UdpPing, Target(1));
        RunUntilSent(1);
        var sentAt = _now;
        Run(s_second - (s_ms * 30));
        Assert.Empty(_seen.Decided);
        Run(s_ms * 60);
        Assert.Equal((PingOutcome.Lost, sentAt + s_second), (_seen.Decided[0].Decision.Outcome, _seen.Decided[0].Decision.DecidedAt));
    }

    [Fact]
    public void A_slow_probe_is_lost_at_its_timeout_and_not_at_its_next_send()
    {
        Add(1, CheckKind.UdpPing, Target(1), interval: Duration.FromSeconds(3600));
        RunUntilSent(1);
        Run(s_second + s_ms);
        Assert.Equal(PingOutcome.Lost, Assert.Single(_seen.Decided).Decision.Outcome);
        Assert.Single(_network.Sent);
    }

    [Fact]
    public void An_answer_after_the_timeout_takes_the_loss_back_where_it_was_counted()
    {
        Add(1, CheckKind.UdpPing, Target(1));
        RunUntilSent(1);
        var sentAt = _now;
        Run(s_ms * 1_200);
        Answer(0, Target(1), sentAt + (s_ms * 1_150));
        var late = _seen.Decided[^1].Decision;
        Assert.Equal((PingOutcome.Late, true, sentAt + s_second, s_ms * 1_150), (late.Outcome, late.TakesBackLoss, late.DecidedAt, late.Latency));
    }

    [Fact]
    public void Duplicates_unknown_ids_and_strays_are_told_apart()
    {
        Add(1, CheckKind.UdpPing, Target(1));
        RunUntilSent(1);
        Answer(0, Target(1), _now);
        Answer(0, Target(1), _now);
        Assert.Equal(1, _seen.CountOf(PingOutcome.Duplicate));
        var channel = _network.Sent[0].Channel;
        _node.OnDatagram(channel, Target(1), Response(999), _now);
        Assert.Equal(1, _seen.CountOf(PingOutcome.Unknown));
        _node.OnDatagram(channel, Target(2), Response(1), _now);
        _node.OnDatagram(channel, Target(1).WithPort(9), Response(1), _now);
        _node.OnDatagram(channel, Target(1), [1, 2, 3], _now);
        // A request is nobody's answer, also where the target sends it.
        _node.OnDatagram(channel, Target(1), Request(1), _now);
        Assert.Equal([StrayKind.WrongAddress, StrayKind.WrongAddress, StrayKind.Malformed, StrayKind.Malformed], _seen.Strays.Select(s => s.Kind));
        Assert.Equal(3, _seen.Decided.Count);
    }

    [Fact]
    public void Two_probes_to_one_endpoint_do_not_take_each_others_answers()
    {
        Add(1, CheckKind.UdpPing, Target(1));
        Add(2, CheckKind.UdpPing, Target(1));
        Run(Duration.FromMilliseconds(130));
        Assert.Equal([0, 1], _network.Channels.Values.Select(c => c.Lane).Order());
        var second = _network.Sent.First(s => _network.Channels[s.Channel].Lane == 1);
        _node.OnDatagram(second.Channel, Target(1), Response(IdOf(second.Payload)), _now);
        Assert.Equal((2, PingOutcome.Answered), (Assert.Single(_seen.Decided).Probe, _seen.Decided[0].Decision.Outcome));
    }

    [Theory]
    [InlineData(CheckKind.UdpPing)]
    [InlineData(CheckKind.Icmp)]
    public void Answers_to_a_probe_that_is_gone_are_not_taken_for_those_of_the_next_one(CheckKind kind)
    {
        Add(1, kind, Target(1), interval: s_ms * 25);
        // It keeps the socket open.
        Add(2, kind, Target(2), interval: s_ms * 25);
        RunUntilSent(2);
        var old = _network.Sent.First(s => s.Target.SameAddress(Target(1)));
        _node.Remove(1);
        Add(1, kind, Target(1), interval: s_ms * 25);
        Run(s_ms * 300);
        Assert.Contains(_seen.Sent[2..], s => s.Probe == 1);
        if (kind == CheckKind.Icmp)
        {
            _node.OnEcho(Target(1), old.Payload, _now);
        }
        else
        {
            _node.OnDatagram(old.Channel, Target(1), Response(IdOf(old.Payload)), _now);
        }

        Assert.Equal((1, PingOutcome.Unknown), (Assert.Single(_seen.Decided).Probe, _seen.Decided[0].Decision.Outcome));
    }

    [Fact]
    public void Ids_count_from_1_for_each_target_and_go_on_where_another_probe_had_the_target()
    {
        Add(1, CheckKind.UdpPing, Target(1));
        Add(2, CheckKind.UdpPing, Target(2));
        RunUntilSent(6);
        Assert.Equal([1ul, 2, 3], IdsTo(1));
        Assert.Equal([1ul, 2, 3], IdsTo(2));
        _node.Remove(1);
        Add(3, CheckKind.UdpPing, Target(1));
        _node.SetTarget(2, Target(3));
        Run(s_ms * 200);
        Assert.Equal([1ul, 2, 3, 4, 5], IdsTo(1).Take(5));
        Assert.Equal(4ul, IdsTo(3).First());

        IEnumerable<ulong> IdsTo(int number) => _network.Sent.Where(s => s.Target == Target(number)).Select(s => IdOf(s.Payload));
    }

    [Fact]
    public void Channels_are_shared_and_closed_after_the_last()
    {
        Add(1, CheckKind.UdpPing, Target(1));
        Add(2, CheckKind.UdpPing, Target(2));
        Add(3, CheckKind.Icmp, Target(1));
        Assert.Equal(2, _network.Channels.Count);
        _node.Remove(1);
        Assert.Equal(2, _network.Channels.Count);
        _node.Remove(2);
        _node.Remove(3);
        Assert.Empty(_network.Channels);
        Assert.Equal(MonoTime.Never, _node.NextWake);
        _node.Remove(3);
    }

    [Fact]
    public void What_could_not_be_sent_is_unsent_with_its_reason_and_never_lost()
    {
        Add(1, CheckKind.UdpPing, null);
        Add(2, CheckKind.UdpPing, Target(2));
        _network.Outcome = new ProbeSend(ProbeSendOutcome.Refused, Refused);
        Run(s_second * 3);
        Assert.Empty(_seen.Sent);
        Assert.Empty(_seen.Decided);
        Assert.All(_seen.Unsent.Where(u => u.Probe == 1), u => Assert.Equal(UnsentCause.Unresolved, u.Cause));
        Assert.All(_seen.Unsent.Where(u => u.Probe == 2), u => Assert.Equal((UnsentCause.Refused, Refused), (u.Cause, u.Error)));
        Assert.InRange(_seen.Unsent.Count, 225, 240);
    }

    [Fact]
    public void A_stall_of_our_own_makes_probes_unsent_and_nothing_lost_that_was_answered()
    {
        Add(1, CheckKind.UdpPing, Target(1));
        RunUntilSent(1);
        var sentAt = _now;
        _now += s_second * 5;
        // What waited in the socket is read first.
        Answer(0, Target(1), sentAt + s_ms);
        Turn();
        Assert.Equal(PingOutcome.Answered, Assert.Single(_seen.Decided).Decision.Outcome);
        var late = Assert.Single(_seen.Unsent);
        Assert.Equal((UnsentCause.Late, 199L), (late.Cause, late.Count));
        Assert.Equal(2, _network.Sent.Count);
    }

    [Fact]
    public void A_name_that_moves_keeps_grid_and_numbers()
    {
        Add(1, CheckKind.UdpPing, Target(1));
        RunUntilSent(2);
        _node.SetTarget(1, Target(9));
        RunUntilSent(3);
        Assert.Equal((Target(9), 3ul), (_network.Sent[2].Target, IdOf(_network.Sent[2].Payload)));
        _node.OnDatagram(_network.Sent[0].Channel, Target(1), Response(1), _now);
        Assert.Equal(StrayKind.WrongAddress, Assert.Single(_seen.Strays).Kind);
        Assert.Single(_network.Channels);
    }

    [Fact]
    public void Echoes_come_back_to_their_probe_and_from_its_target_only()
    {
        Add(1, CheckKind.Icmp, Target(1), payload: 56);
        Add(2, CheckKind.Icmp, Target(1), payload: 16);
        Run(s_second + (s_ms * 200));
        var second = _network.Sent.First(s => s.Payload.Length == 16);
        _node.OnEcho(Target(1).WithPort(0), second.Payload, _now);
        Assert.Equal((2, PingOutcome.Answered), (Assert.Single(_seen.Decided).Probe, _seen.Decided[0].Decision.Outcome));
        _node.OnEcho(Target(2), second.Payload, _now);
        second.Payload[0] ^= 1;
        _node.OnEcho(Target(1), second.Payload, _now);
        Assert.Equal([StrayKind.WrongAddress, StrayKind.Malformed], _seen.Strays.Select(s => s.Kind));
    }

    [Fact]
    public void A_connection_that_stands_is_answered_by_the_kernels_figure()
    {
        Add(1, CheckKind.Tcp, Target(1));
        Run(s_second + (s_ms * 200));
        var attempt = Assert.Single(_network.Connecting).Key;
        _node.OnConnected(attempt, s_ms * 2, _now);
        Assert.Empty(_network.Connecting);
        Assert.Equal((PingOutcome.Answered, s_ms * 2), (_seen.Decided[0].Decision.Outcome, _seen.Decided[0].Decision.Latency));
        // Told once more, it means nothing.
        _node.OnConnected(attempt, s_ms, _now);
        Assert.Single(_seen.Decided);
    }

    [Fact]
    public void Connections_that_are_refused_or_take_too_long_are_lost()
    {
        Add(1, CheckKind.Tcp, Target(1));
        Run(s_second + (s_ms * 200));
        _node.OnConnectFailed(Assert.Single(_network.Connecting).Key, Refused, _now);
        Assert.Equal((PingOutcome.Lost, Refused), (_seen.Decided[0].Decision.Outcome, _seen.Decided[0].Error));
        Run(s_second);
        Assert.Single(_network.Connecting);
        Run(s_second + s_ms);
        Assert.Equal((PingOutcome.Lost, 0), (_seen.Decided[1].Decision.Outcome, _seen.Decided[1].Error));
        Assert.InRange(_network.Connecting.Count, 1, 2);
        _node.Remove(1);
        Assert.Empty(_network.Connecting);
    }

    [Fact]
    public void A_fetch_is_begun_and_decides_about_itself()
    {
        Add(1, CheckKind.Http, null);
        Run(s_second * 3);
        Assert.InRange(_network.Fetched.Count, 2, 3);
        Assert.Equal(_network.Fetched.Count, _seen.Sent.Count);
        Assert.Empty(_seen.Decided);
    }

    [Fact]
    public void An_icmp_error_is_counted_and_decides_nothing()
    {
        Add(1, CheckKind.UdpPing, Target(1));
        RunUntilSent(1);
        _node.OnIcmpError(_network.Sent[0].Channel, Target(1), Refused);
        _node.OnIcmpError(_network.Sent[0].Channel, Target(3), Refused);
        Assert.Equal((1, Refused), Assert.Single(_seen.IcmpErrors));
        Assert.Empty(_seen.Decided);
    }

    [Fact]
    public void A_host_too_slow_for_its_probes_still_comes_to_read()
    {
        for (var i = 1; i <= 50; i++)
        {
            Add(i, CheckKind.UdpPing, Target(i), interval: s_ms);
        }

        _now += s_second;
        var sends = 0;
        // Each send takes as long as a whole interval.
        while (_node.TrySendNext(_now))
        {
            _now += s_ms;
            sends++;
        }

        Assert.Equal(50, sends);
    }

    private static NodeEndpoint Target(int number) => NodeEndpoint.FromBytes([10, 0, 0, (byte)number], 4232);

    private static ulong IdOf(byte[] datagram)
    {
        Assert.Equal(UdpPingError.None, UdpPingWire.TryRead(datagram, out var message));
        Assert.Equal(UdpPingType.Request, message.Type);
        return message.Id;
    }

    private static byte[] Response(ulong id)
    {
        var bytes = new byte[UdpPingWire.Length];
        UdpPingWire.WriteResponse(bytes, id);
        return bytes;
    }

    private static byte[] Request(ulong id)
    {
        var bytes = new byte[UdpPingWire.Length];
        UdpPingWire.WriteRequest(bytes, id);
        return bytes;
    }

    [Fact]
    public void STAMP_is_not_for_it() => Assert.Throws<ArgumentException>(() => Add(1, CheckKind.Stamp, Target(1)));

    private void Add(int id, CheckKind kind, NodeEndpoint? target, Duration? interval = null, int payload = 18)
    {
        var pace = interval ?? (kind == CheckKind.UdpPing ? s_ms * 25 : s_second);
        _node.Add(new CheckProbe(id, new ProbeSettings(kind, pace, s_second, payload, 0)), target, _now);
    }

    private void Answer(int index, NodeEndpoint from, MonoTime arrived) =>
        _node.OnDatagram(_network.Sent[index].Channel, from, Response(IdOf(_network.Sent[index].Payload)), arrived);

    private void Turn()
    {
        _node.OnLook(_now);
        while (_node.TrySendNext(_now))
        {
        }
    }

    private void Run(Duration length)
    {
        var end = _now + length;
        while (_node.NextWake <= end)
        {
            _now = _node.NextWake > _now ? _node.NextWake : _now;
            Turn();
        }

        _now = end;
    }

    private void RunUntilSent(int count)
    {
        for (var i = 0; i < 1_000 && _network.Sent.Count < count; i++)
        {
            _now = _node.NextWake > _now ? _node.NextWake : _now;
            Turn();
        }

        Assert.Equal(count, _network.Sent.Count);
    }
}
