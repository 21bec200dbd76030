using System.Collections.Concurrent;
using Meshpulse.Agent.History;
using Meshpulse.Agent.Paths;
using Meshpulse.Core.Checks;
using Meshpulse.Core.Config;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Agent.Hosting;

/// <summary>The checks' series and the reports of them. Belongs to the <see cref="Collector"/>; who else touches it holds that.</summary>
/// <param name="outbox">Where the probing thread puts what it saw.</param>
/// <param name="onReport">Is given each report; on the collector's thread, outside its lock.</param>
/// <param name="onNote">Likewise each line for the operator.</param>
internal sealed class ProbeBook(CheckOutbox outbox, Action<CheckReport> onReport, Action<CheckNote> onNote)
{
    // An answer may lie in its socket until the next turn of the probing thread, and then in the outbox until the next round.
    private static readonly Duration s_patience = Duration.FromMilliseconds(30);

    private readonly Dictionary<int, ProbeSeries> _series = [];
    private readonly ProbeNews _news = new();
    private readonly List<CheckNote> _notes = [];
    private ProbeSeries[] _order = [];
    private Duration _window = Duration.FromSeconds(5);
    private Duration _interval = Duration.FromSeconds(1);
    private MonoTime _nextBoundary;
    private CheckReport? _report;
    private volatile bool _isMaintenance;

    /// <summary>What HTTP fetches found; written by the pool.</summary>
    public ConcurrentQueue<FetchOutcome> Fetched { get; } = new();

    /// <summary>Whether this is maintenance; from any thread.</summary>
    public bool IsMaintenance
    {
        get => _isMaintenance;
        set => _isMaintenance = value;
    }

    /// <summary>Keeps what is measured; null for nobody.</summary>
    public HistoryRecorder? History { get; set; }

    /// <summary>The series of the STAMP checks' paths; null before there are any.</summary>
    public PathBook? Paths { get; set; }

    /// <summary>The series in the file's order.</summary>
    public IReadOnlyList<ProbeSeries> Series => _order;

    /// <summary>Puts other probes into force: those whose numbers stay keep their counts, the others begin or are gone.</summary>
    /// <param name="probes">All of them in the file's order.</param>
    /// <param name="window">How far a report looks back.</param>
    /// <param name="interval">Time between reports.</param>
    /// <param name="now">The time.</param>
    public void Apply(IReadOnlyList<(int Id, ProbeDefinition Definition)> probes, Duration window, Duration interval, MonoTime now)
    {
        var rewindow = (window, interval) != (_window, _interval);
        (_window, _interval) = (window, interval);
        _order = [.. probes.Select(probe => Keep(probe.Id, probe.Definition, rewindow))];
        _series.Clear();
        foreach (var series in _order)
        {
            _series.Add(series.Id, series);
        }

        if (rewindow || _nextBoundary == default)
        {
            // The first report has a whole interval behind it.
            _nextBoundary = new MonoTime(((now.Nanoseconds / interval.Nanoseconds) + 2) * interval.Nanoseconds);
        }
    }

    /// <summary>A probe goes to another address.</summary>
    public void SetAddress(int id, string address)
    {
        if (_series.TryGetValue(id, out var series))
        {
            series.Address = address;
        }
    }

    /// <summary>Takes in a sample; one of a probe that is gone is dropped.</summary>
    public void Take(in Sample sample, MonoTime now)
    {
        if (_series.TryGetValue(sample.Peer, out var series))
        {
            series.Take(sample);
            History?.OnProbe(series.Definition, sample);
            Note(_news.Of(series, sample, now));
            Note(_news.DetailOf(series, sample, now), isDetail: true);
        }
    }

    /// <summary>Ends a round: takes in fetches and strays, makes a report when one is due.</summary>
    public void EndRound(MonoTime now)
    {
        while (Fetched.TryDequeue(out var fetched))
        {
            Take(fetched, now);
        }

        while (outbox.Strays.TryRead(out var stray))
        {
            Note(_news.Of(stray.Kind, stray.From, now));
        }

        if (_nextBoundary != default && now >= _nextBoundary + s_patience)
        {
            // On the grid of the clock; after a long stall the reports that were missed are not made up, and the windows are the latest.
            var missed = (now - s_patience - _nextBoundary).Nanoseconds / _interval.Nanoseconds;
            _nextBoundary += _interval * (missed + 1);
            _report = Report(_nextBoundary - _interval);
        }

        _news.BeginRound();
    }

    /// <summary>Hands out what the last round has to tell; outside the lock, since who listens may block.</summary>
    public void Tell()
    {
        if (Interlocked.Exchange(ref _report, null) is { } report)
        {
            onReport(report);
        }

        _notes.ForEach(onNote);
        _notes.Clear();
    }

    /// <summary>A step of a window: the report interval, or as many of them as keep the steps within what a window has room for.</summary>
    private static Duration StepOf(Duration window, Duration interval)
    {
        var most = interval * SlidingWindow.MostSteps;
        return interval * Math.Max(1, (window.Nanoseconds + most.Nanoseconds - 1) / most.Nanoseconds);
    }

    private ProbeSeries Keep(int id, ProbeDefinition definition, bool rewindow)
    {
        var isNew = !_series.TryGetValue(id, out var series);
        series ??= new ProbeSeries(id, definition);
        series.Definition = definition;
        if (isNew || rewindow)
        {
            series.Window = new SlidingWindow(_window, StepOf(_window, _interval));
        }

        return series;
    }

    private void Take(FetchOutcome fetched, MonoTime now)
    {
        if (!_series.TryGetValue(fetched.Probe, out var series))
        {
            return;
        }

        Note(_news.Of(series, fetched.Figures, now));
        series.Http = fetched.Figures;
        var decidedAt = new Duration(fetched.DecidedAt.Nanoseconds);
        var sample = fetched.Figures.Failure is null
            ? new Sample(SampleKind.ProbeAnswered, fetched.Probe, fetched.Figures.Total ?? Duration.Zero, decidedAt)
            : new Sample(SampleKind.ProbeLost, fetched.Probe, default, decidedAt);
        series.Take(sample);
        History?.OnProbe(series.Definition, sample);
    }

    private CheckReport Report(MonoTime boundary)
    {
        var pairs = new List<ProbeReport>(_order.Length);
        foreach (var series in _order)
        {
            pairs.Add(new ProbeReport(series.Definition, series.Address, series.Window.Read(boundary), series.Totals, series.Http, Paths?.FiguresOf(series.Id, _window)));
        }

        return new CheckReport(SystemClocks.Wall(), _window, pairs, DatacenterReport.Of(pairs), _isMaintenance);
    }

    private void Note(string? text, bool isDetail = false)
    {
        if (text is not null)
        {
            _notes.Add(new CheckNote(SystemClocks.Wall(), text, isDetail));
        }
    }
}
