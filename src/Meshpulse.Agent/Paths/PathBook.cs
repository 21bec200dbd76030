using Meshpulse.Agent.History;
using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Checks;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Agent.Paths;

/// <summary>The paths' series. Belongs to the collector; who else touches it holds that.</summary>
/// <param name="outbox">Where the probing thread puts what it saw.</param>
internal sealed class PathBook(PathOutbox outbox)
{
    private readonly Dictionary<int, PathSeries> _series = [];
    private readonly List<PathNote> _notes = [];

    /// <summary>Is given each line for the operator; on the collector's thread, outside its lock.</summary>
    public event Action<PathNote>? Noted;

    /// <summary>Is told of windows for the slices; null for nobody.</summary>
    public SliceFeed? Slices { get; init; }

    /// <summary>Keeps the windows; null for nobody.</summary>
    public HistoryRecorder? History { get; init; }

    /// <summary>All paths by their numbers.</summary>
    public IReadOnlyDictionary<int, PathSeries> Series => _series;

    /// <summary>What a report says of a path; null where there is none of that number.</summary>
    public PathFigures? FiguresOf(int id, Duration window) => _series.GetValueOrDefault(id)?.FiguresOf(window);

    /// <summary>A path begins to be probed; one of that number before it is gone.</summary>
    public void Add(int id, PathLabels labels, PathSettings settings, MonoTime now) =>
        _series[id] = new PathSeries(labels, settings, settings.TrialInterval is null, now);

    /// <summary>A path is called otherwise.</summary>
    public void Rename(int id, PathLabels labels)
    {
        if (_series.TryGetValue(id, out var series))
        {
            series.Labels = labels;
        }
    }

    /// <summary>A path is gone, and its series with it.</summary>
    public void Remove(int id)
    {
        Slices?.OnPathRemoved(id);
        _series.Remove(id);
    }

    /// <summary>Takes in what has come; what belongs to a path that is gone is dropped.</summary>
    public void Drain()
    {
        var hasToldGap = false;
        // Bounded, so that a flood of samples can't keep the lock for ever: the ring's size.
        for (var left = PathOutbox.Capacity; left > 0 && outbox.Samples.TryRead(out var sample); left--)
        {
            if (!_series.TryGetValue(sample.Path, out var series))
            {
                continue;
            }

            series.Take(sample);
            if (sample.Kind == PathSampleKind.Doubted)
            {
                Slices?.OnSilent(sample.Path);
            }
            else if (sample.Kind == PathSampleKind.Window)
            {
                Slices?.OnWindow(sample.Path, series, sample.Moment);
                History?.OnPath(series.Labels, series.Window!, series.StepInWindow);
                Note(sample.Path, series, series.News.Of(series, series.Window!));
            }
            else if (sample.Kind == PathSampleKind.SocketGap && (series.Gap.Missing == 0 || !hasToldGap) && series.News.Of(series.Gap) is { } gap)
            {
                // One beginning a round: where a thousand paths lack one and the same socket their lines come one after the other.
                hasToldGap = true;
                Note(sample.Path, series, [gap]);
            }
        }
    }

    /// <summary>Hands out what the last round has to tell; outside the lock, since who listens may block.</summary>
    public void Tell()
    {
        foreach (var note in _notes)
        {
            Noted?.Invoke(note);
        }

        _notes.Clear();
    }

    private void Note(int id, PathSeries series, IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            var note = new PathNote(SystemClocks.Wall(), id, series.Labels, text);
            _notes.Add(note);
            History?.OnPathNote(note);
        }
    }
}
