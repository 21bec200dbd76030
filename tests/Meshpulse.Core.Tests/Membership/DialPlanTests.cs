using Meshpulse.Core.Membership;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Tests.Membership;

public sealed class DialPlanTests
{
    private static readonly Func<NodeEndpoint, bool> s_nobody = _ => false;

    [Fact]
    public void A_server_is_called_at_once_and_then_for_ever()
    {
        var options = Nodes.Options;
        var plan = New(options);
        plan.AddServer(host: null, Nodes.Of(1), 12222, isSelf: false);
        var now = Nodes.At(0);
        for (var failures = 1; failures < 3_000; failures++)
        {
            var target = plan.NextDue(now, s_nobody)!;
            Fail(plan, target, now);
            var ceiling = Math.Min(options.RetryCeiling.Nanoseconds, 250_000_000 * Math.Pow(2, Math.Min(failures - 1, 40)));
            var wait = (target.NextAttempt - now).Nanoseconds;
            Assert.InRange(wait, 0.75 * ceiling, ceiling);
            Assert.Null(plan.NextDue(target.NextAttempt - new Duration(1), s_nobody));
            now = target.NextAttempt;
            if (failures % 100 == 0)
            {
                plan.Sweep(now);
            }
        }
    }

    [Fact]
    public void A_server_that_returned_is_called_promptly_after_it_is_lost_again()
    {
        var plan = New(Nodes.Options);
        plan.AddServer(host: null, Nodes.Higher(1), 12222, isSelf: false);
        var target = plan.NextDue(Nodes.At(0), s_nobody)!;
        for (var i = 0; i < 20; i++)
        {
            Fail(plan, target, Nodes.At(0));
        }

        Begin(plan, target, Nodes.At(100));
        plan.Answered(target);
        plan.Ended(target, useful: true, turnedAway: false, Nodes.At(200));
        Assert.Equal(0, target.Failures);
        Assert.Same(target, plan.NextDue(Nodes.At(200), s_nobody));
    }

    [Fact]
    public void A_server_is_not_called_while_it_is_connected_called_looked_up_or_ourselves()
    {
        var plan = New(Nodes.Options);
        plan.AddServer(host: null, Nodes.Of(1), 12222, isSelf: false);
        plan.AddServer(host: null, Nodes.Self, 12222, isSelf: true);
        plan.AddServer("a.example", default, 12222, isSelf: false);
        Assert.Equal([1, 2, 3], plan.Servers.Select(s => s.Server));
        Assert.Equal((null, null), (plan.FindServer(0), plan.FindServer(4)));

        // Its name is not resolved: whether 0.0.0.0 is connected says nothing.
        var named = plan.NextDue(Nodes.At(0), _ => true)!;
        Assert.Equal("a.example", named.Host);
        named.Resolving = true;
        var target = plan.NextDue(Nodes.At(0), s_nobody)!;
        Assert.Equal(Nodes.Of(1), target.Endpoint);
        Begin(plan, target, Nodes.At(0));
        Assert.Null(plan.NextDue(Nodes.At(1_000), s_nobody));
        plan.Postpone(named, Nodes.At(1_000));
        Assert.Null(plan.NextDue(Nodes.At(1_000), s_nobody));
        Assert.Same(named, plan.NextDue(Nodes.At(1_000.25), s_nobody));
    }

    [Fact]
    public void Who_answers_and_hangs_up_again_and_again_is_called_once_a_minute_at_last()
    {
        var plan = New(Nodes.Options);
        plan.AddServer(host: null, Nodes.Of(1), 12222, isSelf: false);
        var target = plan.NextDue(Nodes.At(0), s_nobody)!;
        for (var i = 0; i < 12; i++)
        {
            Begin(plan, target, Nodes.At(0));
            plan.Answered(target);
            plan.Ended(target, useful: false, turnedAway: true, Nodes.At(0));
        }

        Assert.InRange((target.NextAttempt - Nodes.At(0)).Seconds, 45, 60);
        Fail(plan, target, Nodes.At(0));
        Assert.InRange((target.NextAttempt - Nodes.At(0)).Seconds, 3.75, 5);
    }

    [Fact]
    public void A_learned_node_is_called_again_only_when_it_was_named_anew()
    {
        var plan = New(Nodes.Options);
        var namer = Peer(1);
        Assert.True(plan.Name(namer, Nodes.Higher(9), Nodes.At(0)));
        var target = plan.NextDue(Nodes.At(0), s_nobody)!;
        Fail(plan, target, Nodes.At(0));
        Assert.Null(plan.NextDue(Nodes.At(30), s_nobody));
        plan.Name(namer, Nodes.Higher(9), Nodes.At(30));
        Assert.Same(target, plan.NextDue(Nodes.At(30), s_nobody));
        Assert.Null(plan.NextDue(Nodes.At(30), _ => true));
    }

    [Fact]
    public void The_lower_identity_calls_at_once_and_the_higher_a_moment_later()
    {
        var plan = New(Nodes.Options);
        var namer = Peer(1);
        plan.Name(namer, Nodes.Of(9), Nodes.At(0));
        Assert.Null(plan.NextDue(Nodes.At(0.187), s_nobody));
        Assert.Equal(Nodes.Of(9), plan.NextDue(Nodes.At(0.25), s_nobody)!.Endpoint);
        plan.Name(namer, Nodes.Higher(9), Nodes.At(1));
        var due = new List<NodeEndpoint>();
        while (plan.NextDue(Nodes.At(1), s_nobody) is { } target)
        {
            Begin(plan, target, Nodes.At(1));
            due.Add(target.Endpoint);
        }

        Assert.Contains(Nodes.Higher(9), due);
    }

    [Fact]
    public void What_one_peer_names_is_bounded_and_leaves_room_for_the_others()
    {
        var plan = New(Nodes.Options);
        var (liar, honest) = (Peer(1), Peer(2));
        var taken = Enumerable.Range(0, 5_000).Count(i => plan.Name(liar, Nodes.Higher(i), Nodes.At(0)));
        Assert.Equal(Nodes.Options.MaxLearnedPerNamer, taken);
        Assert.True(plan.Name(honest, Nodes.Higher(1_000_000), Nodes.At(0)));

        // The liar's calls use up its own share, and the honest peer's goes out in the same moment.
        var calls = new List<DialTarget>();
        while (plan.NextDue(Nodes.At(0), s_nobody) is { } target)
        {
            Begin(plan, target, Nodes.At(0));
            calls.Add(target);
        }

        Assert.Equal(16, calls.Count(c => c.Namer == liar));
        Assert.Single(calls, c => c.Namer == honest);
    }

    [Fact]
    public void All_namers_together_are_bounded_too()
    {
        var plan = New(new MeshOptions { Self = Nodes.Self, MaxLearned = 2_500 });
        var taken = 0;
        for (var i = 0; i < 5_000; i++)
        {
            taken += plan.Name(Peer(i / 500), Nodes.Higher(i), Nodes.At(0)) ? 1 : 0;
        }

        Assert.Equal((2_500, 2_500), (taken, plan.LearnedCount));
        plan.Sweep(Nodes.At(60.1));
        Assert.Equal(0, plan.LearnedCount);
    }

    [Fact]
    public void A_namer_of_dead_addresses_makes_a_bounded_number_of_calls()
    {
        var plan = New(Nodes.Options);
        var liar = Peer(1);
        var (calls, seconds) = (0, 60);
        for (var tick = 0; tick < seconds * 20; tick++)
        {
            var now = Nodes.At(tick / 20.0);
            for (var i = 0; i < 1_000; i++)
            {
                plan.Name(liar, Nodes.Higher(i), now);
            }

            while (plan.NextDue(now, s_nobody) is { } target)
            {
                calls++;
                Fail(plan, target, now);
            }
        }

        Assert.InRange(calls, 500, (Nodes.Options.DialsPerSecondPerNamer * (seconds + 2)) + 1);
        Assert.InRange(liar.Budget.Failing, 100, 1_000);
    }

    [Fact]
    public void A_node_that_two_peers_name_is_charged_to_the_one_that_names_fewer()
    {
        var plan = New(Nodes.Options);
        var (many, few) = (Peer(1), Peer(2));
        for (var i = 0; i < 10; i++)
        {
            plan.Name(many, Nodes.Higher(i), Nodes.At(0));
        }

        var target = plan.NextDue(Nodes.At(0), s_nobody)!;
        Fail(plan, target, Nodes.At(0));
        Assert.Equal((10, 1), (many.Budget.Learned, many.Budget.Failing));
        plan.Name(few, target.Endpoint, Nodes.At(1));
        Assert.Equal((9, 0, 1, 1), (many.Budget.Learned, many.Budget.Failing, few.Budget.Learned, few.Budget.Failing));
        Assert.Same(few, target.Namer);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void The_accounts_agree_with_a_model_whatever_happens(ulong seed)
    {
        var model = new Model(seed);
        for (var i = 0; i < 2_500; i++)
        {
            model.Step();
            model.Check($"seed {seed}, round {i}");
        }

        model.FinishAll();
        model.Check($"seed {seed}, at the end");
        Assert.Equal(0, model.Plan.LearnedCount);
        Assert.All(model.Namers, n => Assert.Equal((0, 0, 0), (n.Budget.Learned, n.Budget.Failing, n.Budget.InFlight)));
    }

    private static DialPlan New(MeshOptions options) => new(options, new SplitMix64(1));

    private static MeshPeer Peer(int id) => new(id, Nodes.Of(1_000_000 + id), Nodes.Options);

    private static void Begin(DialPlan plan, DialTarget target, MonoTime now) =>
        plan.Began(target, new MeshConnection(0, outbound: true, target.Endpoint, now));

    private static void Fail(DialPlan plan, DialTarget target, MonoTime now)
    {
        Begin(plan, target, now);
        plan.Answered(target);
        plan.Ended(target, useful: false, turnedAway: false, now);
    }

    /// <summary>Random namings, calls, answers, failures and ends, with an account of its own.</summary>
    private sealed class Model
    {
        private static readonly MeshOptions s_options = new() { Self = Nodes.Self, MaxDialsInFlight = 20, MaxLearnedPerNamer = 15 };

        private readonly SplitMix64 _random;
        private readonly HashSet<NodeEndpoint> _namedSinceCall = [];
        private readonly HashSet<DialTarget> _known = [];
        private readonly List<DialTarget> _dialing = [];
        private readonly List<DialTarget> _standing = [];
        private MonoTime _now = Nodes.At(1_000);

        public Model(ulong seed)
        {
            _random = new SplitMix64(seed);
            Plan = new DialPlan(s_options, _random);
            Plan.AddServer(host: null, Nodes.Of(500), 12222, isSelf: false);
            Plan.AddServer(host: null, Nodes.Of(501), 12222, isSelf: false);
        }

        public DialPlan Plan { get; }

        public List<MeshPeer> Namers { get; } = [.. Enumerable.Range(0, 6).Select(i => new MeshPeer(i, Nodes.Of(1_000 + i), s_options))];

        public void Step()
        {
            switch (_random.Below(12))
            {
                case < 4:
                    var node = _random.Below(2) == 0 ? Nodes.Of(_random.Below(60)) : Nodes.Higher(_random.Below(60));
                    if (Plan.Name(Namers[_random.Below(Namers.Count)], node, _now))
                    {
                        _namedSinceCall.Add(node);
                    }

                    break;
                case < 6:
                    CallAllDue();
                    break;
                case 6 when _dialing.Count > 0:
                    Plan.Answered(_dialing[0]);
                    _standing.Add(_dialing[0]);
                    _dialing.RemoveAt(0);
                    break;
                case 7 when _dialing.Count > 0:
                    Fail(Pull(_dialing));
                    break;
                case 8 when _standing.Count > 0:
                    Plan.Ended(Pull(_standing), _random.Below(2) == 0, _random.Below(2) == 0, _now);
                    break;
                case 9:
                    Plan.Sweep(_now);
                    break;
                default:
                    _now += new Duration(_random.Below(100) == 0 ? 70_000_000_000 : _random.Below(1_000_000_000));
                    break;
            }
        }

        public void Check(string story)
        {
            Assert.True(Namers.Sum(n => n.Budget.Learned) == Plan.LearnedCount, story);
            foreach (var namer in Namers)
            {
                var failing = _known.Count(t => t.Namer == namer && t.Failures > 0);
                Assert.True(namer.Budget.InFlight == _dialing.Count(t => t.Namer == namer) && namer.Budget.InFlight <= 16, story);
                Assert.True(namer.Budget.Learned >= 0 && namer.Budget.Learned <= 15, $"{story}: {namer.Budget.Learned} learned");
                Assert.True(namer.Budget.Failing == failing, $"{story}: {namer.Budget.Failing} failing, {failing} expected");
            }

            Assert.True(_dialing.Count(t => !t.IsServer) <= s_options.MaxDialsInFlight, story);
        }

        public void FinishAll()
        {
            while (_dialing.Count > 0)
            {
                Fail(Pull(_dialing));
            }

            while (_standing.Count > 0)
            {
                Plan.Ended(Pull(_standing), useful: true, turnedAway: false, _now);
            }

            _now += Duration.FromSeconds(61);
            Plan.Sweep(_now);
        }

        private void CallAllDue()
        {
            while (Plan.NextDue(_now, s_nobody) is { } target)
            {
                Assert.True(target.IsServer || _namedSinceCall.Remove(target.Endpoint), $"{target.Endpoint} was not named since its last call");
                Begin(Plan, target, _now);
                _dialing.Add(target);
                _known.Add(target);
            }
        }

        private void Fail(DialTarget target)
        {
            Plan.Answered(target);
            Plan.Ended(target, useful: false, turnedAway: false, _now);
            Assert.InRange((target.NextAttempt - _now).Seconds, 0.1875, 60);
        }

        private DialTarget Pull(List<DialTarget> from)
        {
            var target = from[_random.Below(from.Count)];
            from.Remove(target);
            return target;
        }
    }
}
