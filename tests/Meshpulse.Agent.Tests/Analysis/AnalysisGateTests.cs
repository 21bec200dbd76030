using Meshpulse.Agent.Analysis;
using Meshpulse.Core.Time;
using static Meshpulse.Agent.Tests.Analysis.Definitions;

namespace Meshpulse.Agent.Tests.Analysis;

public class AnalysisGateTests
{
    private readonly AnalysisGate _gate = new(maxRunning: 2, At(0));
    private readonly AnalysisDefinition _mtr = Of("mtr");

    [Fact]
    public void It_starts_at_the_minimum_and_not_below()
    {
        _gate.Define([_mtr], At(0));
        Assert.Equal(GateVerdict.BelowMinimum, Ask(_mtr, 19, 100));
        Assert.Equal(GateVerdict.Start, Ask(_mtr, 20, 100));
        Assert.Equal(1, _gate.Running);
    }

    [Fact]
    public void It_does_not_start_in_the_first_20_seconds()
    {
        _gate.Define([_mtr], At(0));
        Assert.Equal(GateVerdict.StartDelay, Ask(_mtr, 100, 0));
        Assert.Equal(GateVerdict.StartDelay, Ask(_mtr, 100, 19.999));
        Assert.Equal(GateVerdict.Start, Ask(_mtr, 100, 20));
    }

    [Fact]
    public void The_start_delay_counts_from_the_start_and_not_from_a_reload()
    {
        var later = Of("later", name: "later");
        _gate.Define([_mtr], At(0));
        _gate.Define([_mtr, later], At(15));
        Assert.Equal(GateVerdict.StartDelay, Ask(later, 100, 19));
        Assert.Equal(GateVerdict.Start, Ask(_mtr, 100, 20));
        Assert.Equal(GateVerdict.Start, Ask(later, 100, 20));
    }

    [Fact]
    public void A_definition_that_changed_keeps_its_pause()
    {
        var changed = _mtr with { Command = "other", MinLoss = 1 };
        _gate.Define([_mtr], At(0));
        Ask(_mtr, 100, 100);
        _gate.Ended(_mtr.Key);
        _gate.Define([changed], At(101));
        Assert.Equal(GateVerdict.Pause, Ask(changed, 100, 219));
        Assert.Equal(GateVerdict.Start, Ask(changed, 100, 220));
    }

    [Fact]
    public void Another_bound_holds_for_what_starts_later()
    {
        var (other, third) = (Of("mtr", to: "other"), Of("mtr", to: "third"));
        _gate.Define([_mtr, other, third], At(0));
        Ask(_mtr, 100, 100);
        Ask(other, 100, 100);
        _gate.MaxRunning = 1;
        Assert.Equal(2, _gate.Running);
        _gate.Ended(other.Key);
        Assert.Equal(GateVerdict.TooMany, Ask(third, 100, 101));
        _gate.MaxRunning = 2;
        Assert.Equal(GateVerdict.Start, Ask(third, 100, 102));
    }

    [Fact]
    public void It_does_not_start_again_within_120_seconds_of_its_start()
    {
        _gate.Define([_mtr], At(0));
        Ask(_mtr, 100, 20);
        _gate.Ended(_mtr.Key);
        Assert.Equal(new GateDecision(GateVerdict.Pause, IsNews: true), _gate.Ask(_mtr, 100, false, At(21)));
        Assert.Equal(new GateDecision(GateVerdict.Pause, IsNews: false), _gate.Ask(_mtr, 100, false, At(139.999)));
        Assert.Equal(new GateDecision(GateVerdict.Start, IsNews: true), _gate.Ask(_mtr, 100, false, At(140)));
        _gate.Ended(_mtr.Key);
        Assert.Equal(new GateDecision(GateVerdict.Pause, IsNews: true), _gate.Ask(_mtr, 100, false, At(141)));
    }

    [Fact]
    public void It_never_runs_twice_at_once()
    {
        _gate.Define([_mtr], At(0));
        Ask(_mtr, 100, 20);
        Assert.Equal(GateVerdict.Running, Ask(_mtr, 100, 5000));
        _gate.Ended(_mtr.Key);
        _gate.Ended(_mtr.Key);
        Assert.Equal(0, _gate.Running);
        Assert.Equal(GateVerdict.Start, Ask(_mtr, 100, 5001));
    }

    [Fact]
    public void Another_pair_and_another_analysis_are_not_concerned()
    {
        var (other, ping) = (Of("mtr", to: "other"), Of("ping", name: "ping"));
        _gate.Define([_mtr, other, ping], At(0));
        Assert.Equal(GateVerdict.Start, Ask(_mtr, 100, 20));
        Assert.Equal(GateVerdict.Start, Ask(other, 100, 20));
        Assert.Equal(new GateDecision(GateVerdict.TooMany, true), _gate.Ask(ping, 100, false, At(20)));
        Assert.Equal(new GateDecision(GateVerdict.TooMany, false), _gate.Ask(ping, 100, false, At(139)));
        Assert.Equal(new GateDecision(GateVerdict.TooMany, true), _gate.Ask(ping, 100, false, At(140)));
        _gate.Ended(other.Key);
        Assert.Equal(GateVerdict.Start, Ask(ping, 100, 141));
    }

    [Fact]
    public void Nothing_starts_in_maintenance_and_that_is_no_start()
    {
        _gate.Define([_mtr], At(0));
        Assert.Equal(new GateDecision(GateVerdict.Maintenance, false), _gate.Ask(_mtr, 100, true, At(100)));
        Assert.Equal(GateVerdict.Start, Ask(_mtr, 100, 101));
    }

    [Fact]
    public void A_server_is_never_analysed_against_itself()
    {
        var self = Of("mtr", to: "local");
        _gate.Define([self], At(0));
        Assert.Equal(GateVerdict.SameServer, Ask(self, 100, 100));
    }

    [Fact]
    public void A_reload_keeps_runs_and_pauses()
    {
        var slow = _mtr with { StartDelay = Duration.FromSeconds(60), MinLoss = 1, Command = "other" };
        _gate.Define([_mtr], At(0));
        _gate.Define([slow], At(50));
        Assert.Equal(GateVerdict.Start, Ask(slow, 1, 60));

        _gate.Define([], At(61));
        Assert.Throws<ArgumentException>(() => _gate.Ask(Of("x", name: "unheard of"), 1, false, At(61)));
        _gate.Define([_mtr], At(100));
        Assert.Equal(GateVerdict.Pause, Ask(_mtr, 100, 101));
        Assert.Equal(GateVerdict.Pause, Ask(_mtr, 100, 179));
        Assert.Equal(GateVerdict.Running, Ask(_mtr, 100, 180));
        _gate.Ended(_mtr.Key);
        Assert.Equal(GateVerdict.Start, Ask(_mtr, 100, 181));
    }

    [Fact]
    public void What_left_and_neither_runs_nor_pauses_is_forgotten()
    {
        _gate.Define([_mtr], At(0));
        Ask(_mtr, 100, 20);
        _gate.Ended(_mtr.Key);
        _gate.Define([], At(139));
        _gate.Define([], At(140));
        Assert.Throws<ArgumentException>(() => _gate.Ask(_mtr, 100, false, At(141)));
    }

    [Fact]
    public void Whatever_happens_the_rules_hold()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var model = new Model(random, seed);
            for (var step = 0; step < 400; step++)
            {
                model.Step();
            }

            Assert.True(model.Starts > 0, $"seed {seed}: nothing ever started");
        }
    }

    private GateVerdict Ask(AnalysisDefinition definition, long loss, double at) => _gate.Ask(definition, loss, false, At(at)).Verdict;

    /// <summary>Keeps only the history of starts and ends, and checks each answer against the rules as they are written.</summary>
    private sealed class Model(Random random, int seed)
    {
        private const int Most = 3;
        private readonly AnalysisGate _gate = new(Most, At(0));
        private readonly List<AnalysisDefinition> _all =
            [.. from name in new[] { "a", "b" } from to in new[] { "x", "y", "z", "local" } select Of("c", name, to: to)];

        private readonly HashSet<AnalysisKey> _defined = [];
        private readonly Dictionary<AnalysisKey, double> _started = [];
        private readonly HashSet<AnalysisKey> _running = [];
        private double _now;

        public int Starts { get; private set; }

        public void Step()
        {
            _now += random.Next(0, 20) + random.NextDouble();
            if (_defined.Count == 0 || random.Next(20) == 0)
            {
                Define();
            }
            else if (random.Next(4) == 0 && _running.Count > 0)
            {
                var ended = _running.ElementAt(random.Next(_running.Count));
                _running.Remove(ended);
                _gate.Ended(ended);
            }
            else
            {
                Ask();
            }

            Assert.True(_gate.Running == _running.Count && _running.Count <= Most, $"seed {seed}");
        }

        private void Define()
        {
            var chosen = _all.Where(_ => random.Next(3) > 0).ToList();
            _gate.Define(chosen, At(_now));
            _defined.Clear();
            _defined.UnionWith(chosen.Select(d => d.Key));
        }

        private void Ask()
        {
            var key = _defined.ElementAt(random.Next(_defined.Count));
            var definition = _all.First(d => d.Key == key);
            var (loss, maintenance) = (random.Next(10, 30), random.Next(5) == 0);
            var may = loss >= definition.MinLoss && !maintenance && definition.To.Name != "local"
                && At(_now) - At(0) >= definition.StartDelay
                && (!_started.TryGetValue(definition.Key, out var start) || At(_now) - At(start) >= definition.Pause)
                && !_running.Contains(definition.Key) && _running.Count < Most;

            var verdict = _gate.Ask(definition, loss, maintenance, At(_now)).Verdict;

            Assert.True(may == (verdict == GateVerdict.Start), $"seed {seed}: {verdict}");
            if (may)
            {
                Starts++;
                _started[definition.Key] = _now;
                _running.Add(definition.Key);
            }
        }
    }
}
