using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Analysis;

/// <summary>
/// Starts analyses when there is loss, or a verdict. Each report offers its pairs, which costs next to nothing and never waits; what starts,
/// runs on the thread pool. Every method may be called from any thread.
/// </summary>
public sealed class AnalysisRunner : IAsyncDisposable
{
    private static readonly TimeSpan s_stopPatience = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Action<string> _say;
    private readonly AnalysisGate _gate;
    private readonly HashSet<Task> _runs = [];
    private readonly CancellationTokenSource _stop = new();
    private AnalysisSettings _settings;
    private ILookup<ServerPair, AnalysisDefinition> _definitions = Array.Empty<AnalysisDefinition>().ToLookup(d => d.Pair);
    private bool _stopped;
    private long _started;
    private long _failed;

    /// <summary>Puts the first definitions into force.</summary>
    /// <param name="say">
    /// Is given each line, without its line feed and with no control characters but tabs; called from several threads, one
    /// run's lines in their order. It must not throw; one that blocks holds up the run.
    /// </param>
    /// <param name="now">The program's start, from when every start delay counts.</param>
    public AnalysisRunner(AnalysisSettings settings, IEnumerable<AnalysisDefinition> definitions, Action<string> say, MonoTime now)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(say);
        (_settings, _say, _gate) = (settings, say, new AnalysisGate(settings.MaxRunning, now));
        Update(settings, definitions, now);
    }

    /// <summary>Is given each run that is over, on its thread. It must not throw; one that blocks holds up the next run of that analysis.</summary>
    public Action<FinishedAnalysis>? Finished { get; init; }

    /// <summary>What became of the analyses so far.</summary>
    public AnalysisCounts Counts
    {
        get
        {
            lock (_lock)
            {
                return new AnalysisCounts(_gate.Running, _started, _failed);
            }
        }
    }

    /// <summary>
    /// Puts other settings and definitions into force, for what starts from now on: runs go on to their end with those that they began with.
    /// What stays, its command changed or not, keeps its pause. Where two have the same name and pair, the last one counts.
    /// </summary>
    public void Update(AnalysisSettings settings, IEnumerable<AnalysisDefinition> definitions, MonoTime now)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(definitions);
        var distinct = definitions.GroupBy(d => d.Key).Select(g => g.Last()).ToList();
        lock (_lock)
        {
            _settings = settings;
            _gate.MaxRunning = settings.MaxRunning;
            _gate.Define(distinct, now);
            _definitions = distinct.ToLookup(d => d.Pair);
        }
    }

    /// <summary>Offers what a report says of a pair; whatever is due starts.</summary>
    /// <param name="pair">The pair; one without analyses is ignored.</param>
    /// <param name="isMaintenance">Whether this is maintenance, in which nothing starts.</param>
    public void Offer(ServerPair pair, LossWindow window, bool isMaintenance, MonoTime now)
    {
        List<string>? lines = null;
        lock (_lock)
        {
            if (_stopped)
            {
                return;
            }

            foreach (var definition in _definitions[pair])
            {
                var decision = _gate.Ask(definition, window.Loss, isMaintenance, now);
                if (decision.Verdict == GateVerdict.Start)
                {
                    Start(definition, new LossCause(window, definition.MinLoss));
                }
                else if (decision.IsNews)
                {
                    (lines ??= []).Add(LineOf(definition, decision.Verdict));
                }
            }
        }

        lines?.ForEach(_say);
    }

    /// <summary>Offers a verdict that concerns a pair; the analysis starts if it may.</summary>
    /// <param name="key">Which analysis of which pair; one that is not in force is ignored.</param>
    /// <param name="cause">The verdict.</param>
    /// <param name="isMaintenance">Whether this is maintenance, in which nothing starts.</param>
    internal void Offer(AnalysisKey key, VerdictCause cause, bool isMaintenance, MonoTime now)
    {
        string? line = null;
        lock (_lock)
        {
            if (_stopped || _definitions[key.Pair].FirstOrDefault(d => d.Key == key) is not { } definition)
            {
                return;
            }

            var decision = _gate.AskForVerdict(definition, isMaintenance, now);
            if (decision.Verdict == GateVerdict.Start)
            {
                Start(definition, cause);
            }
            else if (decision.IsNews)
            {
                line = LineOf(definition, decision.Verdict);
            }
        }

        if (line is not null)
        {
            _say(line);
        }
    }

    /// <summary>Ends all runs, their process groups with them; nothing starts any more. Takes little more than the grace of a stop.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] runs;
        lock (_lock)
        {
            if (_stopped)
            {
                return;
            }

            _stopped = true;
            runs = [.. _runs];
        }

        await _stop.CancelAsync();
        await Task.WhenAny(Task.WhenAll(runs), Task.Delay(s_stopPatience));
        _stop.Dispose();
    }

    private string LineOf(AnalysisDefinition definition, GateVerdict verdict) => LineCutter.OneLine(verdict == GateVerdict.Pause
        ? $"analysis {definition.Name} - skip already runned"
        : $"analysis {definition.Name} - waits: {_settings.MaxRunning} analyses are running already");

    // Under the lock: the task can't be over before it is in the set.
    private void Start(AnalysisDefinition definition, AnalysisCause cause)
    {
        _started++;
        var (stop, settings) = (_stop.Token, _settings);
        Task? run = null;
        run = Task.Run(async () =>
        {
            var succeeded = false;
            try
            {
                var finished = await new AnalysisRun(definition, cause, settings, _say).RunAsync(stop);
                succeeded = finished.HasSucceeded;
                Finished?.Invoke(finished);
            }
            finally
            {
                lock (_lock)
                {
                    _gate.Ended(definition.Key);
                    _failed += succeeded ? 0 : 1;
                    _runs.Remove(run!);
                }
            }
        });
        _runs.Add(run);
    }
}
