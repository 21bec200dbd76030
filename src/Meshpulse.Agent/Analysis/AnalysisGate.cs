using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Analysis;

/// <summary>
/// Decides when an analysis may start: the loss is there, it is not maintenance, the program has run long enough, the last
/// start is long enough ago, it doesn't run already, and not too many run altogether. Pure: the time comes in, nothing is
/// started here. Not thread-safe.
/// </summary>
/// <param name="maxRunning">How many may run at once, all analyses and pairs together.</param>
/// <param name="start">When the program started: the start delays of all definitions count from then, whenever they came.</param>
public sealed class AnalysisGate(int maxRunning, MonoTime start)
{
    private readonly Dictionary<AnalysisKey, State> _states = [];

    /// <summary>How many may run at once; a lower number ends none that runs.</summary>
    public int MaxRunning { get; set; } = maxRunning;

    /// <summary>How many run.</summary>
    public int Running { get; private set; }

    /// <summary>
    /// Puts other definitions into force. What stays keeps its last start, and so does what left while it runs or pauses: neither
    /// taking a definition away for a moment nor changing it gets around the pause.
    /// </summary>
    public void Define(IEnumerable<AnalysisDefinition> definitions, MonoTime now)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        var defined = new HashSet<AnalysisKey>();
        foreach (var definition in definitions)
        {
            defined.Add(definition.Key);
            if (!_states.TryGetValue(definition.Key, out var state))
            {
                state = new State();
                _states.Add(definition.Key, state);
            }

            state.IsDefined = true;
            state.Pause = definition.Pause;
        }

        foreach (var (key, state) in _states)
        {
            state.IsDefined &= defined.Contains(key);
            if (!state.IsDefined && !state.IsRunning && !state.IsPausing(now))
            {
                _states.Remove(key);
            }
        }
    }

    /// <summary>Asks whether <paramref name="definition"/> starts now; where the answer is yes, it has: <see cref="Ended"/> must follow.</summary>
    /// <param name="definition">One of those in force.</param>
    /// <param name="loss">The losses of the latest window.</param>
    /// <param name="isMaintenance">Whether this is maintenance.</param>
    public GateDecision Ask(AnalysisDefinition definition, long loss, bool isMaintenance, MonoTime now)
    {
        ArgumentNullException.ThrowIfNull(definition);
        if (!_states.TryGetValue(definition.Key, out var state))
        {
            throw new ArgumentException($"The analysis {definition.Name} is not in force", nameof(definition));
        }

        var verdict = Judge(definition, state, loss, isMaintenance, now);
        return new GateDecision(verdict, IsNews(state, verdict, now));
    }

    /// <summary>The same where a verdict is the cause, whatever the loss.</summary>
    public GateDecision AskForVerdict(AnalysisDefinition definition, bool isMaintenance, MonoTime now) => Ask(definition, long.MaxValue, isMaintenance, now);

    /// <summary>Says that a run has ended.</summary>
    public void Ended(AnalysisKey key)
    {
        if (_states.TryGetValue(key, out var state) && state.IsRunning)
        {
            state.IsRunning = false;
            Running--;
        }
    }

    private GateVerdict Judge(AnalysisDefinition definition, State state, long loss, bool isMaintenance, MonoTime now)
    {
        if (definition.From.Name == definition.To.Name)
        {
            return GateVerdict.SameServer;
        }

        if (loss < definition.MinLoss || (definition.MinLoss == 0 && loss != long.MaxValue))
        {
            return GateVerdict.BelowMinimum;
        }

        if (isMaintenance)
        {
            return GateVerdict.Maintenance;
        }

        if (now - start < definition.StartDelay)
        {
            return GateVerdict.StartDelay;
        }

        if (state.IsPausing(now))
        {
            return GateVerdict.Pause;
        }

        if (state.IsRunning)
        {
            return GateVerdict.Running;
        }

        return Running >= MaxRunning ? GateVerdict.TooMany : GateVerdict.Start;
    }

    private bool IsNews(State state, GateVerdict verdict, MonoTime now)
    {
        switch (verdict)
        {
            case GateVerdict.Start:
                state.Start(now);
                Running++;
                return true;
            case GateVerdict.Pause:
                // Once per pause.
                var isFirst = !state.PauseTold;
                state.PauseTold = true;
                return isFirst;
            case GateVerdict.TooMany:
                var isDue = state.TooManyToldAt is not { } told || now - told >= state.Pause;
                state.TooManyToldAt = isDue ? now : state.TooManyToldAt;
                return isDue;
            default:
                return false;
        }
    }

    private sealed class State
    {
        public Duration Pause { get; set; }

        public bool IsDefined { get; set; }

        public bool IsRunning { get; set; }

        public bool PauseTold { get; set; }

        public MonoTime? TooManyToldAt { get; set; }

        private MonoTime? LastStart { get; set; }

        public bool IsPausing(MonoTime now) => LastStart is { } last && now - last < Pause;

        public void Start(MonoTime now)
        {
            LastStart = now;
            IsRunning = true;
            PauseTold = false;
            TooManyToldAt = null;
        }
    }
}
